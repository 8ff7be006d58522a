-- History and its projections. Nothing here refers to what a tenant has set up: a fact stays true
-- Text is collated by its bytes (C), so that both databases sort alike.
-- when a queue or a user is gone.

-- Raised at each start of a tenant's switchboard.
CREATE TABLE epochs (
    tenant TEXT COLLATE "C"   NOT NULL PRIMARY KEY,
    epoch  BIGINT NOT NULL
);

-- How far each journal is in here; moves in the transaction that brings the facts.
CREATE TABLE journals (
    identity TEXT COLLATE "C"   NOT NULL PRIMARY KEY,
    segment  BIGINT NOT NULL,
    place    BIGINT NOT NULL
);

CREATE TABLE facts (
    tenant   TEXT COLLATE "C"   NOT NULL,
    epoch    BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    contact  TEXT COLLATE "C",
    agent    TEXT COLLATE "C",
    kind     TEXT COLLATE "C"   NOT NULL,
    body     TEXT COLLATE "C",
    PRIMARY KEY (tenant, epoch, sequence)
);
CREATE INDEX facts_contact ON facts (tenant, contact, epoch, sequence) WHERE contact IS NOT NULL;
CREATE INDEX facts_queue_left ON facts (tenant, at) WHERE kind = 'queue_left';
CREATE INDEX facts_agent_state ON facts (tenant, agent, epoch, sequence) WHERE kind = 'agent_state_changed';

CREATE TABLE contacts (
    tenant        TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    channel       TEXT COLLATE "C"   NOT NULL,
    caller        TEXT COLLATE "C"   NOT NULL,
    dialled       TEXT COLLATE "C"   NOT NULL,
    flow          TEXT COLLATE "C"   NOT NULL,
    started_at    BIGINT NOT NULL,
    answered_at   BIGINT,
    ended_at      BIGINT,
    end_reason    TEXT COLLATE "C",
    blame         TEXT COLLATE "C",
    waited_ms     BIGINT NOT NULL,
    talked_ms     BIGINT NOT NULL,
    disposition   TEXT COLLATE "C",
    attributes    TEXT COLLATE "C"   NOT NULL,
    flow_versions TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX contacts_started ON contacts (tenant, started_at, id);
CREATE INDEX contacts_open ON contacts (tenant, id) WHERE ended_at IS NULL;

CREATE TABLE contact_queues (
    tenant     TEXT COLLATE "C"   NOT NULL,
    contact    TEXT COLLATE "C"   NOT NULL,
    queue      TEXT COLLATE "C"   NOT NULL,
    queue_name TEXT COLLATE "C"   NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, contact, queue)
);
CREATE INDEX contact_queues_queue ON contact_queues (tenant, queue, contact);

CREATE TABLE contact_agents (
    tenant       TEXT COLLATE "C"   NOT NULL,
    contact      TEXT COLLATE "C"   NOT NULL,
    agent        TEXT COLLATE "C"   NOT NULL,
    connected_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, contact, agent)
);
CREATE INDEX contact_agents_agent ON contact_agents (tenant, agent, contact);

CREATE TABLE recordings (
    tenant     TEXT COLLATE "C"   NOT NULL,
    contact    TEXT COLLATE "C"   NOT NULL,
    id         TEXT COLLATE "C"   NOT NULL,
    started_at BIGINT NOT NULL,
    -- None until the file is complete.
    length_ms  BIGINT,
    bytes      BIGINT,
    PRIMARY KEY (tenant, contact, id)
);
CREATE INDEX recordings_unfinished ON recordings (tenant, contact) WHERE length_ms IS NULL;

CREATE TABLE leg_statistics (
    tenant     TEXT COLLATE "C"   NOT NULL,
    contact    TEXT COLLATE "C"   NOT NULL,
    leg        TEXT COLLATE "C"   NOT NULL,
    measured_at BIGINT NOT NULL,
    statistics TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (tenant, contact, leg)
);
