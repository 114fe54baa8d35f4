-- Signed transactions. Not a cache: without these rows a call could be sent twice.

CREATE TABLE intents (
    chain    BIGINT NOT NULL,
    purpose  TEXT   NOT NULL,
    -- counts up when an earlier intent with this purpose could not succeed
    round    BIGINT NOT NULL,
    sender   TEXT   NOT NULL,
    nonce    BIGINT NOT NULL,
    -- live, mined, reverted or superseded
    state    TEXT   NOT NULL,
    -- the attempt that was mined, if one was
    mined    BYTEA,
    PRIMARY KEY (chain, purpose, round)
);

-- One nonce of a sender, and one purpose, belong to one live intent.
CREATE UNIQUE INDEX intents_live_nonce ON intents (chain, sender, nonce) WHERE state = 'live';
CREATE UNIQUE INDEX intents_live_purpose ON intents (chain, purpose) WHERE state = 'live';

CREATE TABLE attempts (
    chain   BIGINT NOT NULL,
    purpose TEXT   NOT NULL,
    round   BIGINT NOT NULL,
    -- 0 is what was signed first
    number  BIGINT NOT NULL,
    hash    BYTEA  NOT NULL,
    raw     BYTEA  NOT NULL,
    PRIMARY KEY (chain, purpose, round, number)
);
