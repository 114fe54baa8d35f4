-- Signed transactions once more: the database itself refuses rows that make no sense, and notes when it took them.
-- Neither engine's tables can be given such checks afterwards in words the other takes, so the rows move.

CREATE TABLE intents_checked (
    chain       TEXT   NOT NULL,
    purpose     TEXT   NOT NULL CHECK (length(purpose) > 0),
    -- counts up when an earlier intent with this purpose could not succeed
    generation  BIGINT NOT NULL CHECK (generation > 0),
    sender      TEXT   NOT NULL CHECK (length(sender) = 42),
    nonce       BIGINT NOT NULL CHECK (nonce >= 0),
    state       TEXT   NOT NULL CHECK (state IN ('live', 'mined', 'reverted', 'superseded')),
    -- the attempt that was mined, if one was
    mined       BYTEA           CHECK (length(mined) = 32),
    -- by the database's clock, for people; for rows that moved, when they did
    recorded_at TEXT   NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (chain, purpose, generation),
    CHECK ((mined IS NOT NULL) = (state IN ('mined', 'reverted')))
);

CREATE TABLE intent_attempts_checked (
    chain       TEXT   NOT NULL,
    purpose     TEXT   NOT NULL,
    generation  BIGINT NOT NULL,
    -- 0 is what was signed first
    attempt     BIGINT NOT NULL CHECK (attempt >= 0),
    tx_hash     BYTEA  NOT NULL CHECK (length(tx_hash) = 32),
    signed      BYTEA  NOT NULL CHECK (length(signed) > 0),
    recorded_at TEXT   NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (chain, purpose, generation, attempt),
    FOREIGN KEY (chain, purpose, generation) REFERENCES intents_checked (chain, purpose, generation)
);

INSERT INTO intents_checked (chain, purpose, generation, sender, nonce, state, mined)
    SELECT chain, purpose, generation, sender, nonce, state, mined FROM intents;
INSERT INTO intent_attempts_checked (chain, purpose, generation, attempt, tx_hash, signed)
    SELECT chain, purpose, generation, attempt, tx_hash, signed FROM intent_attempts;

DROP TABLE intent_attempts;
DROP TABLE intents;
ALTER TABLE intents_checked RENAME TO intents;
ALTER TABLE intent_attempts_checked RENAME TO intent_attempts;

-- One nonce of a sender, and one purpose, belong to one live intent.
CREATE UNIQUE INDEX intents_live_nonce ON intents (chain, sender, nonce) WHERE state = 'live';
CREATE UNIQUE INDEX intents_live_purpose ON intents (chain, purpose) WHERE state = 'live';
