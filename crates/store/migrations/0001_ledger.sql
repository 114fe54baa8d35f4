-- What chains recorded about polls, word for word. A copy: it can be fetched again.
-- Types are those that SQLite and PostgreSQL both take; hashes and addresses are plain bytes.

CREATE TABLE ledgers (
    poll        TEXT   NOT NULL PRIMARY KEY,
    -- the first block it covers
    start_block BIGINT NOT NULL
);

-- The last block of every stretch that was read; the highest is the cursor.
CREATE TABLE ledger_stamps (
    poll       TEXT   NOT NULL REFERENCES ledgers (poll) ON DELETE CASCADE,
    block      BIGINT NOT NULL,
    block_hash BYTEA  NOT NULL,
    mined_at   BIGINT NOT NULL,
    PRIMARY KEY (poll, block)
);

CREATE TABLE ledger_logs (
    poll       TEXT   NOT NULL REFERENCES ledgers (poll) ON DELETE CASCADE,
    block      BIGINT NOT NULL,
    tx_index   BIGINT NOT NULL,
    log_index  BIGINT NOT NULL,
    block_hash BYTEA  NOT NULL,
    tx_hash    BYTEA  NOT NULL,
    emitter    BYTEA  NOT NULL,
    topics     BYTEA  NOT NULL,
    payload    BYTEA  NOT NULL,
    PRIMARY KEY (poll, block, log_index)
);
