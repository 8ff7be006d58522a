-- Who may sign in, and what signed in. Secrets are stored as hashes only.

CREATE TABLE users (
    tenant         TEXT   NOT NULL REFERENCES tenants (id),
    id             TEXT   NOT NULL,
    user_name      TEXT   NOT NULL,
    display_name   TEXT   NOT NULL,
    role           TEXT   NOT NULL,
    language       TEXT,
    -- Argon2id, as a PHC string.
    password_hash  TEXT   NOT NULL,
    -- MD5(user:realm:password) for SIP digest (RFC 7616, section 3.4.2); none without a desk phone.
    desk_phone_ha1 TEXT,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT users_user_name_key UNIQUE (tenant, user_name)
);

CREATE TABLE user_skills (
    tenant  TEXT   NOT NULL,
    user_id TEXT   NOT NULL,
    skill   TEXT   NOT NULL,
    level   BIGINT NOT NULL,
    PRIMARY KEY (tenant, user_id, skill),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);

CREATE TABLE user_queues (
    tenant   TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    PRIMARY KEY (tenant, user_id, queue_id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, queue_id) REFERENCES queues (tenant, id) ON DELETE CASCADE
);

CREATE TABLE sessions (
    tenant      TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    -- BLAKE3 of a secret of 256 random bits.
    secret_hash TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT sessions_secret_hash_key UNIQUE (secret_hash),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE tokens (
    tenant      TEXT   NOT NULL REFERENCES tenants (id),
    id          TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    scopes      TEXT   NOT NULL,
    secret_hash TEXT   NOT NULL,
    created_by  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT,
    PRIMARY KEY (tenant, id),
    CONSTRAINT tokens_name_key UNIQUE (tenant, name),
    CONSTRAINT tokens_secret_hash_key UNIQUE (secret_hash)
);
