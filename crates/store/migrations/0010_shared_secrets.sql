-- What every process of one service has to know alike and nobody else has to know. Each is drawn once, by whichever process
-- asks first.
CREATE TABLE shared_secrets (
    name   TEXT  NOT NULL PRIMARY KEY CHECK (length(name) > 0),
    secret BYTEA NOT NULL CHECK (length(secret) = 32)
);
