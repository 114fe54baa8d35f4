-- Signed transactions once more: each has an id to ask for it by, what it has cost, and may have been called off. And
-- which senders sign nothing at present.

CREATE TABLE intents_listed (
    id          TEXT   NOT NULL UNIQUE CHECK (length(id) = 36),
    chain       TEXT   NOT NULL,
    purpose     TEXT   NOT NULL CHECK (length(purpose) > 0),
    -- counts up when an earlier intent with this purpose could not succeed
    generation  BIGINT NOT NULL CHECK (generation > 0),
    sender      TEXT   NOT NULL CHECK (length(sender) = 42),
    nonce       BIGINT NOT NULL CHECK (nonce >= 0),
    state       TEXT   NOT NULL CHECK (state IN ('live', 'mined', 'reverted', 'superseded', 'cancelled')),
    -- the attempt that was mined, if one was
    mined       BYTEA           CHECK (length(mined) = 32),
    -- Unix milliseconds
    created_at  BIGINT NOT NULL,
    settled_at  BIGINT,
    -- of the attempt that was mined; the cost in wei, as decimal text
    block       BIGINT          CHECK (block >= 0),
    gas_used    BIGINT          CHECK (gas_used >= 0),
    cost        TEXT            CHECK (length(cost) BETWEEN 1 AND 39),
    PRIMARY KEY (chain, purpose, generation),
    CHECK ((mined IS NOT NULL) = (state IN ('mined', 'reverted', 'cancelled'))),
    CHECK ((cost IS NULL) = (gas_used IS NULL))
);

CREATE TABLE intent_attempts_listed (
    chain       TEXT   NOT NULL,
    purpose     TEXT   NOT NULL,
    generation  BIGINT NOT NULL,
    -- 0 is what was signed first
    attempt     BIGINT NOT NULL CHECK (attempt >= 0),
    tx_hash     BYTEA  NOT NULL CHECK (length(tx_hash) = 32),
    signed      BYTEA  NOT NULL CHECK (length(signed) > 0),
    -- whether it does nothing but use the nonce up
    cancels     BIGINT NOT NULL CHECK (cancels IN (0, 1)),
    PRIMARY KEY (chain, purpose, generation, attempt),
    FOREIGN KEY (chain, purpose, generation) REFERENCES intents_listed (chain, purpose, generation)
);

-- Ids of rows that move sort before every id that is given from now on.
INSERT INTO intents_listed (id, chain, purpose, generation, sender, nonce, state, mined, created_at)
    SELECT '00000000-0000-7000-8000-' || substr('000000000000' || place, length(place) + 1),
           chain, purpose, generation, sender, nonce, state, mined, 0
    FROM (SELECT intents.*, CAST(ROW_NUMBER() OVER (ORDER BY recorded_at, chain, purpose, generation) AS TEXT) AS place
          FROM intents) AS numbered;
INSERT INTO intent_attempts_listed (chain, purpose, generation, attempt, tx_hash, signed, cancels)
    SELECT chain, purpose, generation, attempt, tx_hash, signed, 0 FROM intent_attempts;

DROP TABLE intent_attempts;
DROP TABLE intents;
ALTER TABLE intents_listed RENAME TO intents;
ALTER TABLE intent_attempts_listed RENAME TO intent_attempts;

-- One nonce of a sender, and one purpose, belong to one live intent.
CREATE UNIQUE INDEX intents_live_nonce ON intents (chain, sender, nonce) WHERE state = 'live';
CREATE UNIQUE INDEX intents_live_purpose ON intents (chain, purpose) WHERE state = 'live';
CREATE INDEX intents_of_sender ON intents (chain, sender, nonce);
CREATE INDEX intents_spent ON intents (chain, sender, settled_at);

CREATE TABLE paused_senders (
    sender    TEXT   NOT NULL PRIMARY KEY CHECK (length(sender) > 0),
    since     BIGINT NOT NULL,
    paused_by TEXT   NOT NULL
);

-- Calls that were handed out, for somebody's own wallet to send.
CREATE TABLE exports (
    id         TEXT   NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    chain      TEXT   NOT NULL,
    purpose    TEXT   NOT NULL CHECK (length(purpose) > 0),
    -- the sender's name, and the wallet's address
    sender     TEXT   NOT NULL CHECK (length(sender) > 0),
    account    TEXT   NOT NULL CHECK (length(account) = 42),
    -- none makes a contract
    receiver   TEXT            CHECK (length(receiver) = 42),
    payload    BYTEA  NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'sent', 'mined', 'refused', 'withdrawn')),
    tx_hash    BYTEA           CHECK (length(tx_hash) = 32),
    -- why it was refused
    reason     TEXT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CHECK ((tx_hash IS NOT NULL) = (state IN ('sent', 'mined', 'refused')))
);

CREATE UNIQUE INDEX exports_open ON exports (chain, purpose) WHERE state IN ('waiting', 'sent');
