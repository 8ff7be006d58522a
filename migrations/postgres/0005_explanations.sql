-- The newest decisions, and what the monitors found, without reading all of history.
CREATE INDEX facts_routing_decided ON facts (tenant, epoch, sequence) WHERE kind = 'routing_decided';
CREATE INDEX facts_invariant_violated ON facts (tenant, epoch, sequence) WHERE kind = 'invariant_violated';
