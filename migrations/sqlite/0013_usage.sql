-- What plugins used, added up from the ledger on the local disk.

-- How far each file of a ledger is in here; moves in the transaction that adds its charges.
CREATE TABLE usage_ledgers (
    identity TEXT   NOT NULL PRIMARY KEY,
    place    BIGINT NOT NULL
);

CREATE TABLE plugin_usage (
    tenant            TEXT   NOT NULL,
    -- Its beginning, UTC.
    day               BIGINT NOT NULL,
    kind              TEXT   NOT NULL,
    name              TEXT   NOT NULL,
    component         TEXT   NOT NULL,
    -- Empty when the plugin is no script.
    artifact          TEXT   NOT NULL,
    -- Empty when it answered; else the kind of fault.
    outcome           TEXT   NOT NULL,
    questions         BIGINT NOT NULL,
    calls             BIGINT NOT NULL,
    fuel              BIGINT NOT NULL,
    took_us           BIGINT NOT NULL,
    most_fuel         BIGINT NOT NULL,
    most_took_us      BIGINT NOT NULL,
    most_memory_bytes BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, kind, name, component, artifact, outcome)
) WITHOUT ROWID;

CREATE TABLE contact_usage (
    tenant            TEXT   NOT NULL,
    contact           TEXT   NOT NULL,
    kind              TEXT   NOT NULL,
    name              TEXT   NOT NULL,
    component         TEXT   NOT NULL,
    artifact          TEXT   NOT NULL,
    questions         BIGINT NOT NULL,
    calls             BIGINT NOT NULL,
    faults            BIGINT NOT NULL,
    fuel              BIGINT NOT NULL,
    took_us           BIGINT NOT NULL,
    most_memory_bytes BIGINT NOT NULL,
    PRIMARY KEY (tenant, contact, kind, name, component, artifact)
) WITHOUT ROWID;
