-- What a plugin was run for: contacts, or the tenant's own trials beside them. Part of the key, which
-- SQLite can not change in place.
CREATE TABLE plugin_usage_by_purpose (
    tenant            TEXT   NOT NULL,
    -- Its beginning, UTC.
    day               BIGINT NOT NULL,
    kind              TEXT   NOT NULL,
    name              TEXT   NOT NULL,
    component         TEXT   NOT NULL,
    -- Empty when the plugin is no script.
    artifact          TEXT   NOT NULL,
    purpose           TEXT   NOT NULL,
    -- Empty when it answered; else the kind of fault.
    outcome           TEXT   NOT NULL,
    questions         BIGINT NOT NULL,
    calls             BIGINT NOT NULL,
    fuel              BIGINT NOT NULL,
    took_us           BIGINT NOT NULL,
    most_fuel         BIGINT NOT NULL,
    most_took_us      BIGINT NOT NULL,
    most_memory_bytes BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, kind, name, component, artifact, purpose, outcome)
) WITHOUT ROWID;

-- Nothing else was charged before.
INSERT INTO plugin_usage_by_purpose
SELECT tenant, day, kind, name, component, artifact, 'contacts', outcome, questions, calls, fuel,
    took_us, most_fuel, most_took_us, most_memory_bytes
FROM plugin_usage;

DROP TABLE plugin_usage;
ALTER TABLE plugin_usage_by_purpose RENAME TO plugin_usage;
