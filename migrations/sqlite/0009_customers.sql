-- What is known of a customer, by their address: routing policies look it up while the customer waits.
CREATE INDEX contacts_caller ON contacts (tenant, caller, started_at);
