-- What a tenant uses its connectors for.
CREATE TABLE connector_uses (
    tenant    TEXT NOT NULL REFERENCES tenants (id),
    connector TEXT NOT NULL,
    -- `screen_pop` or `log_activity`.
    use_for   TEXT NOT NULL,
    PRIMARY KEY (tenant, connector, use_for)
);

-- What is to be done in another system after a contact. Made in the transaction that brings the
-- contact's end into SQL; run until it works, or is given up.
CREATE TABLE connector_jobs (
    tenant     TEXT   NOT NULL,
    connector  TEXT   NOT NULL,
    use_for    TEXT   NOT NULL,
    contact    TEXT   NOT NULL,
    -- `waiting`, `done` or `given_up`.
    state      TEXT   NOT NULL,
    tries      BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it is run next; while it runs, when somebody else may take it over.
    due_at     BIGINT NOT NULL,
    ended_at   BIGINT,
    -- What went wrong last.
    problem    TEXT,
    -- JSON: what the other system calls what was stored.
    result     TEXT,
    PRIMARY KEY (tenant, contact, connector, use_for)
);
CREATE INDEX connector_jobs_due ON connector_jobs (due_at) WHERE state = 'waiting';
