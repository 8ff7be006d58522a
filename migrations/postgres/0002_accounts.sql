-- Who may sign in, and what signed in. Secrets are stored as hashes only.
-- Text is collated by its bytes (C), so that both databases sort alike.

CREATE TABLE users (
    tenant         TEXT COLLATE "C"   NOT NULL REFERENCES tenants (id),
    id             TEXT COLLATE "C"   NOT NULL,
    user_name      TEXT COLLATE "C"   NOT NULL,
    display_name   TEXT COLLATE "C"   NOT NULL,
    role           TEXT COLLATE "C"   NOT NULL,
    language       TEXT COLLATE "C",
    -- Argon2id, as a PHC string.
    password_hash  TEXT COLLATE "C"   NOT NULL,
    -- MD5(user:realm:password) for SIP digest (RFC 7616, section 3.4.2); none without a desk phone.
    desk_phone_ha1 TEXT COLLATE "C",
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT users_user_name_key UNIQUE (tenant, user_name)
);

CREATE TABLE user_skills (
    tenant  TEXT COLLATE "C"   NOT NULL,
    user_id TEXT COLLATE "C"   NOT NULL,
    skill   TEXT COLLATE "C"   NOT NULL,
    level   BIGINT NOT NULL,
    PRIMARY KEY (tenant, user_id, skill),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);

CREATE TABLE user_queues (
    tenant   TEXT COLLATE "C" NOT NULL,
    user_id  TEXT COLLATE "C" NOT NULL,
    queue_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, user_id, queue_id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, queue_id) REFERENCES queues (tenant, id) ON DELETE CASCADE
);

CREATE TABLE sessions (
    tenant      TEXT COLLATE "C"   NOT NULL,
    id          TEXT COLLATE "C"   NOT NULL,
    user_id     TEXT COLLATE "C"   NOT NULL,
    -- BLAKE3 of a secret of 256 random bits.
    secret_hash TEXT COLLATE "C"   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT sessions_secret_hash_key UNIQUE (secret_hash),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE tokens (
    tenant      TEXT COLLATE "C"   NOT NULL REFERENCES tenants (id),
    id          TEXT COLLATE "C"   NOT NULL,
    name        TEXT COLLATE "C"   NOT NULL,
    scopes      TEXT COLLATE "C"   NOT NULL,
    secret_hash TEXT COLLATE "C"   NOT NULL,
    created_by  TEXT COLLATE "C"   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT,
    PRIMARY KEY (tenant, id),
    CONSTRAINT tokens_name_key UNIQUE (tenant, name),
    CONSTRAINT tokens_secret_hash_key UNIQUE (secret_hash)
);
