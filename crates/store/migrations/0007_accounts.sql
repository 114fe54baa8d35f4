-- Smart accounts that act by session keys. None of it can be fetched again.

CREATE TABLE operations (
    -- the hash of what was signed first
    id          TEXT   NOT NULL PRIMARY KEY CHECK (length(id) = 66),
    chain       TEXT   NOT NULL,
    account     TEXT   NOT NULL CHECK (length(account) = 42),
    -- 32 bytes as digits: mode, permission and sequence
    nonce       TEXT   NOT NULL CHECK (length(nonce) = 66),
    -- the newest block when it was made
    since_block BIGINT NOT NULL CHECK (since_block >= 0),
    state       TEXT   NOT NULL CHECK (state IN ('live', 'landed', 'reverted', 'lost')),
    -- the transaction it is in, if it is in one
    mined       BYTEA           CHECK (length(mined) = 32),
    -- what it is asked for by in lists, together with transactions
    listed_as   TEXT   NOT NULL UNIQUE CHECK (length(listed_as) = 36),
    -- Unix milliseconds
    created_at  BIGINT NOT NULL,
    settled_at  BIGINT,
    -- of the attempt that was executed: its hash; the cost to the account in wei, as decimal text
    executed    TEXT            CHECK (length(executed) = 66),
    block       BIGINT          CHECK (block >= 0),
    gas_used    BIGINT          CHECK (gas_used >= 0),
    cost        TEXT            CHECK (length(cost) BETWEEN 1 AND 39),
    CHECK ((mined IS NOT NULL) = (state IN ('landed', 'reverted'))),
    CHECK ((executed IS NULL) = (cost IS NULL))
);

-- Whatever is offered for it, a nonce of an account belongs to one live operation.
CREATE UNIQUE INDEX operations_live_nonce ON operations (chain, account, nonce) WHERE state = 'live';
CREATE INDEX operations_spent ON operations (chain, account, settled_at);

CREATE TABLE operation_purposes (
    chain      TEXT   NOT NULL,
    purpose    TEXT   NOT NULL CHECK (length(purpose) > 0),
    -- counts up when an earlier operation with this purpose could not succeed
    generation BIGINT NOT NULL CHECK (generation > 0),
    operation  TEXT   NOT NULL REFERENCES operations (id),
    -- its place in a batch
    place      BIGINT NOT NULL CHECK (place >= 0),
    PRIMARY KEY (chain, purpose, generation)
);

CREATE INDEX operation_purposes_of ON operation_purposes (operation, place);

CREATE TABLE operation_attempts (
    operation   TEXT   NOT NULL REFERENCES operations (id),
    -- 0 is what was signed first
    attempt     BIGINT NOT NULL CHECK (attempt >= 0),
    -- as bundlers take it, with its signature
    document    TEXT   NOT NULL CHECK (length(document) > 0),
    recorded_at TEXT   NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (operation, attempt)
);

-- Session keys by their addresses; the keys themselves are sealed files. Moments are Unix milliseconds.
CREATE TABLE session_keys (
    address    TEXT   NOT NULL PRIMARY KEY CHECK (length(address) = 42),
    made_at    BIGINT NOT NULL,
    made_by    TEXT   NOT NULL,
    -- from then on it signs nothing
    expires_at BIGINT NOT NULL
);

-- What owners of accounts allowed a session key on a chain.
CREATE TABLE approvals (
    session_key TEXT   NOT NULL REFERENCES session_keys (address) ON DELETE CASCADE,
    chain       TEXT   NOT NULL,
    approval    TEXT   NOT NULL CHECK (length(approval) > 0),
    kept_at     BIGINT NOT NULL,
    kept_by     TEXT   NOT NULL,
    -- when and how the owner was found to have taken it back on the chain
    revoked_at  BIGINT,
    revoked     TEXT            CHECK (length(revoked) > 0),
    PRIMARY KEY (session_key, chain),
    CHECK ((revoked_at IS NULL) = (revoked IS NULL))
);
