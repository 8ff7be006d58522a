-- What connectors authenticate with. Sealed by the host with a key that is not in the database.
CREATE TABLE plugin_secrets (
    tenant TEXT   NOT NULL REFERENCES tenants (id),
    -- `connector/NAME`.
    plugin TEXT   NOT NULL,
    name   TEXT   NOT NULL,
    sealed TEXT   NOT NULL,
    -- None: by a program, or by the host itself (a refresh token that was replaced).
    set_by TEXT,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, plugin, name)
);
