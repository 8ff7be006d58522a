-- History and its projections. Nothing here refers to what a tenant has set up: a fact stays true
-- when a queue or a user is gone.

-- Raised at each start of a tenant's switchboard.
CREATE TABLE epochs (
    tenant TEXT   NOT NULL PRIMARY KEY,
    epoch  BIGINT NOT NULL
);

-- How far each journal is in here; moves in the transaction that brings the facts.
CREATE TABLE journals (
    identity TEXT   NOT NULL PRIMARY KEY,
    segment  BIGINT NOT NULL,
    place    BIGINT NOT NULL
);

CREATE TABLE facts (
    tenant   TEXT   NOT NULL,
    epoch    BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    contact  TEXT,
    agent    TEXT,
    kind     TEXT   NOT NULL,
    body     TEXT,
    PRIMARY KEY (tenant, epoch, sequence)
) WITHOUT ROWID;
CREATE INDEX facts_contact ON facts (tenant, contact, epoch, sequence) WHERE contact IS NOT NULL;
CREATE INDEX facts_queue_left ON facts (tenant, at) WHERE kind = 'queue_left';
CREATE INDEX facts_agent_state ON facts (tenant, agent, epoch, sequence) WHERE kind = 'agent_state_changed';

CREATE TABLE contacts (
    tenant        TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    channel       TEXT   NOT NULL,
    caller        TEXT   NOT NULL,
    dialled       TEXT   NOT NULL,
    flow          TEXT   NOT NULL,
    started_at    BIGINT NOT NULL,
    answered_at   BIGINT,
    ended_at      BIGINT,
    end_reason    TEXT,
    blame         TEXT,
    waited_ms     BIGINT NOT NULL,
    talked_ms     BIGINT NOT NULL,
    disposition   TEXT,
    attributes    TEXT   NOT NULL,
    flow_versions TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE INDEX contacts_started ON contacts (tenant, started_at, id);
CREATE INDEX contacts_open ON contacts (tenant, id) WHERE ended_at IS NULL;

CREATE TABLE contact_queues (
    tenant     TEXT   NOT NULL,
    contact    TEXT   NOT NULL,
    queue      TEXT   NOT NULL,
    queue_name TEXT   NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, contact, queue)
) WITHOUT ROWID;
CREATE INDEX contact_queues_queue ON contact_queues (tenant, queue, contact);

CREATE TABLE contact_agents (
    tenant       TEXT   NOT NULL,
    contact      TEXT   NOT NULL,
    agent        TEXT   NOT NULL,
    connected_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, contact, agent)
) WITHOUT ROWID;
CREATE INDEX contact_agents_agent ON contact_agents (tenant, agent, contact);

CREATE TABLE recordings (
    tenant     TEXT   NOT NULL,
    contact    TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    -- None until the file is complete.
    length_ms  BIGINT,
    bytes      BIGINT,
    PRIMARY KEY (tenant, contact, id)
) WITHOUT ROWID;
CREATE INDEX recordings_unfinished ON recordings (tenant, contact) WHERE length_ms IS NULL;

CREATE TABLE leg_statistics (
    tenant     TEXT   NOT NULL,
    contact    TEXT   NOT NULL,
    leg        TEXT   NOT NULL,
    measured_at BIGINT NOT NULL,
    statistics TEXT   NOT NULL,
    PRIMARY KEY (tenant, contact, leg)
) WITHOUT ROWID;
