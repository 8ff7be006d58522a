-- What a plugin was run for: contacts, or the tenant's own trials beside them. Part of the key.
-- Nothing else than contacts' questions was charged before.
ALTER TABLE plugin_usage ADD COLUMN purpose TEXT COLLATE "C" NOT NULL DEFAULT 'contacts';
ALTER TABLE plugin_usage ALTER COLUMN purpose DROP DEFAULT;
ALTER TABLE plugin_usage DROP CONSTRAINT plugin_usage_pkey;
ALTER TABLE plugin_usage
    ADD PRIMARY KEY (tenant, day, kind, name, component, artifact, purpose, outcome);
