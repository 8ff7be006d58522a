-- What qualifies is an expression now; what a queue does besides is in its rules (JSON).
ALTER TABLE queues RENAME COLUMN required_skills TO skills;
UPDATE queues SET skills = COALESCE(
    (SELECT group_concat('"' || json_extract(value, '$.skill') || '" >= ' || json_extract(value, '$.at_least'), ' and ')
     FROM json_each(skills)), '');
ALTER TABLE queues ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';

-- An agent's place in a queue (1 comes first), and how long contacts of it wait before.
ALTER TABLE user_queues ADD COLUMN level BIGINT NOT NULL DEFAULT 1;
ALTER TABLE user_queues ADD COLUMN after_ms BIGINT NOT NULL DEFAULT 0;
-- Contacts at once by medium (JSON); empty is one call and nothing else.
ALTER TABLE users ADD COLUMN capacity TEXT NOT NULL DEFAULT '[]';

-- Business hours and holidays: the body is JSON of the calendar without its name.
CREATE TABLE calendars (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    name   TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
);
