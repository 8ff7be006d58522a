-- Tenants and what they have set up. Ids and JSON as text, times BIGINT in milliseconds UTC.
-- Text is collated by its bytes (C), so that both databases sort alike.

CREATE TABLE tenants (
    id           TEXT COLLATE "C"   NOT NULL PRIMARY KEY,
    -- The short name in addresses (`/call/demo`) and of the flows folder.
    name         TEXT COLLATE "C"   NOT NULL,
    display_name TEXT COLLATE "C"   NOT NULL,
    sip_domain   TEXT COLLATE "C",
    language     TEXT COLLATE "C"   NOT NULL,
    created_at   BIGINT NOT NULL,
    CONSTRAINT tenants_name_key UNIQUE (name),
    CONSTRAINT tenants_sip_domain_key UNIQUE (sip_domain)
);

CREATE TABLE settings (
    tenant        TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES tenants (id),
    default_queue TEXT COLLATE "C",
    pause_reasons TEXT COLLATE "C" NOT NULL,
    dispositions  TEXT COLLATE "C" NOT NULL,
    limits        TEXT COLLATE "C" NOT NULL
);

CREATE TABLE queues (
    tenant            TEXT COLLATE "C"   NOT NULL REFERENCES tenants (id),
    id                TEXT COLLATE "C"   NOT NULL,
    name              TEXT COLLATE "C"   NOT NULL,
    policy            TEXT COLLATE "C",
    required_skills   TEXT COLLATE "C"   NOT NULL,
    ring_timeout_ms   BIGINT NOT NULL,
    wrap_up_ms        BIGINT,
    progress_every_ms BIGINT NOT NULL,
    service_level_ms  BIGINT NOT NULL,
    max_waiting       BIGINT NOT NULL,
    music             TEXT COLLATE "C",
    created_at        BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT queues_name_key UNIQUE (tenant, name)
);

CREATE TABLE numbers (
    tenant        TEXT COLLATE "C"   NOT NULL REFERENCES tenants (id),
    dialled       TEXT COLLATE "C"   NOT NULL,
    flow          TEXT COLLATE "C"   NOT NULL,
    click_to_call BIGINT NOT NULL,
    PRIMARY KEY (tenant, dialled)
);
