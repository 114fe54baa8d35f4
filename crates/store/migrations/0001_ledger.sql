-- What a chain recorded of a contract, word for word. A cache: it can be fetched again.
-- Types are those that SQLite and PostgreSQL both take.

CREATE TABLE ledgers (
    chain       BIGINT NOT NULL,
    contract    TEXT   NOT NULL,
    first_block BIGINT NOT NULL,
    PRIMARY KEY (chain, contract)
);

-- The last block of every stretch that was read; the newest is the cursor.
CREATE TABLE ledger_checkpoints (
    chain     BIGINT NOT NULL,
    contract  TEXT   NOT NULL,
    block     BIGINT NOT NULL,
    hash      BYTEA  NOT NULL,
    timestamp BIGINT NOT NULL,
    PRIMARY KEY (chain, contract, block)
);

CREATE TABLE ledger_logs (
    chain             BIGINT NOT NULL,
    contract          TEXT   NOT NULL,
    block             BIGINT NOT NULL,
    log_index         BIGINT NOT NULL,
    transaction_index BIGINT NOT NULL,
    block_hash        BYTEA  NOT NULL,
    transaction_hash  BYTEA  NOT NULL,
    topics            BYTEA  NOT NULL,
    data              BYTEA  NOT NULL,
    PRIMARY KEY (chain, contract, block, log_index)
);
