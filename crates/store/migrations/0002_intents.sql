-- Signed transactions. Not a copy of anything: without these rows a call could be sent twice.

CREATE TABLE intents (
    chain      TEXT   NOT NULL,
    purpose    TEXT   NOT NULL,
    -- counts up when an earlier intent with this purpose could not succeed
    generation BIGINT NOT NULL,
    sender     TEXT   NOT NULL,
    nonce      BIGINT NOT NULL,
    -- live, mined, reverted or superseded
    state      TEXT   NOT NULL,
    -- the attempt that was mined, if one was
    mined      BYTEA,
    PRIMARY KEY (chain, purpose, generation)
);

-- One nonce of a sender, and one purpose, belong to one live intent.
CREATE UNIQUE INDEX intents_live_nonce ON intents (chain, sender, nonce) WHERE state = 'live';
CREATE UNIQUE INDEX intents_live_purpose ON intents (chain, purpose) WHERE state = 'live';

CREATE TABLE intent_attempts (
    chain      TEXT   NOT NULL,
    purpose    TEXT   NOT NULL,
    generation BIGINT NOT NULL,
    -- 0 is what was signed first
    attempt    BIGINT NOT NULL,
    tx_hash    BYTEA  NOT NULL,
    signed     BYTEA  NOT NULL,
    PRIMARY KEY (chain, purpose, generation, attempt),
    FOREIGN KEY (chain, purpose, generation) REFERENCES intents (chain, purpose, generation)
);
