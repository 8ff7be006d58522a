-- What plugins used, added up from the ledger on the local disk.

-- How far each file of a ledger is in here; moves in the transaction that adds its charges.
CREATE TABLE usage_ledgers (
    identity TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    place    BIGINT NOT NULL
);

CREATE TABLE plugin_usage (
    tenant            TEXT COLLATE "C" NOT NULL,
    -- Its beginning, UTC.
    day               BIGINT NOT NULL,
    kind              TEXT COLLATE "C" NOT NULL,
    name              TEXT COLLATE "C" NOT NULL,
    component         TEXT COLLATE "C" NOT NULL,
    -- Empty when the plugin is no script.
    artifact          TEXT COLLATE "C" NOT NULL,
    -- Empty when it answered; else the kind of fault.
    outcome           TEXT COLLATE "C" NOT NULL,
    questions         BIGINT NOT NULL,
    calls             BIGINT NOT NULL,
    fuel              BIGINT NOT NULL,
    took_us           BIGINT NOT NULL,
    most_fuel         BIGINT NOT NULL,
    most_took_us      BIGINT NOT NULL,
    most_memory_bytes BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, kind, name, component, artifact, outcome)
);

CREATE TABLE contact_usage (
    tenant            TEXT COLLATE "C" NOT NULL,
    contact           TEXT COLLATE "C" NOT NULL,
    kind              TEXT COLLATE "C" NOT NULL,
    name              TEXT COLLATE "C" NOT NULL,
    component         TEXT COLLATE "C" NOT NULL,
    artifact          TEXT COLLATE "C" NOT NULL,
    questions         BIGINT NOT NULL,
    calls             BIGINT NOT NULL,
    faults            BIGINT NOT NULL,
    fuel              BIGINT NOT NULL,
    took_us           BIGINT NOT NULL,
    most_memory_bytes BIGINT NOT NULL,
    PRIMARY KEY (tenant, contact, kind, name, component, artifact)
);
