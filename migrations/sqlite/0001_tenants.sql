-- Tenants and what they have set up. Ids and JSON as text, times BIGINT in milliseconds UTC.

CREATE TABLE tenants (
    id           TEXT   NOT NULL PRIMARY KEY,
    -- The short name in addresses (`/call/demo`) and of the flows folder.
    name         TEXT   NOT NULL,
    display_name TEXT   NOT NULL,
    sip_domain   TEXT,
    language     TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    CONSTRAINT tenants_name_key UNIQUE (name),
    CONSTRAINT tenants_sip_domain_key UNIQUE (sip_domain)
);

CREATE TABLE settings (
    tenant        TEXT NOT NULL PRIMARY KEY REFERENCES tenants (id),
    default_queue TEXT,
    pause_reasons TEXT NOT NULL,
    dispositions  TEXT NOT NULL,
    limits        TEXT NOT NULL
);

CREATE TABLE queues (
    tenant            TEXT   NOT NULL REFERENCES tenants (id),
    id                TEXT   NOT NULL,
    name              TEXT   NOT NULL,
    policy            TEXT,
    required_skills   TEXT   NOT NULL,
    ring_timeout_ms   BIGINT NOT NULL,
    wrap_up_ms        BIGINT,
    progress_every_ms BIGINT NOT NULL,
    service_level_ms  BIGINT NOT NULL,
    max_waiting       BIGINT NOT NULL,
    music             TEXT,
    created_at        BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT queues_name_key UNIQUE (tenant, name)
);

CREATE TABLE numbers (
    tenant        TEXT   NOT NULL REFERENCES tenants (id),
    dialled       TEXT   NOT NULL,
    flow          TEXT   NOT NULL,
    click_to_call BIGINT NOT NULL,
    PRIMARY KEY (tenant, dialled)
);
