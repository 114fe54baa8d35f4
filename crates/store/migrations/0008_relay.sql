-- Messages taken from voters who pay no gas, and the batches in which they go on chain. Until a batch is on chain none of
-- it can be fetched anywhere else, and no rebuild may touch it. Moments are Unix milliseconds.

CREATE TABLE relayed_messages (
    poll        TEXT   NOT NULL,
    -- the order in which they were taken, which is the order in which they go on chain
    place       BIGINT NOT NULL CHECK (place >= 0),
    hash        BYTEA  NOT NULL CHECK (length(hash) = 32),
    -- whose proof of having joined they came with
    state_index BIGINT NOT NULL CHECK (state_index >= 0),
    -- ten elements of ciphertext and the key's two coordinates, 32 bytes each
    content     BYTEA  NOT NULL CHECK (length(content) = 384),
    taken_at    BIGINT NOT NULL,
    promised_by BIGINT NOT NULL,
    -- the batch it is in; none while it waits
    batch       BIGINT,
    PRIMARY KEY (poll, place)
);

CREATE UNIQUE INDEX relayed_messages_hash ON relayed_messages (hash, poll);
CREATE INDEX relayed_messages_batch ON relayed_messages (poll, batch, place);

CREATE TABLE relayed_batches (
    poll            TEXT   NOT NULL,
    number          BIGINT NOT NULL CHECK (number >= 0),
    -- batches of one shipment go on chain in one transaction
    shipment        BIGINT NOT NULL CHECK (shipment >= 0),
    -- SHA-256 of the published file
    digest          BYTEA  NOT NULL CHECK (length(digest) = 32),
    messages        BIGINT NOT NULL CHECK (messages > 0),
    state           TEXT   NOT NULL CHECK
        (state IN ('packed', 'published', 'sent', 'landed', 'final', 'dissolved', 'missed')),
    transaction_id  BYTEA           CHECK (length(transaction_id) = 32),
    block           BIGINT,
    -- the poll's message chain before and after it
    messages_before BIGINT,
    hash_before     BYTEA           CHECK (length(hash_before) = 32),
    hash_after      BYTEA           CHECK (length(hash_after) = 32),
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (poll, number),
    CHECK (state NOT IN ('landed', 'final') OR (transaction_id IS NOT NULL AND block IS NOT NULL))
);

CREATE INDEX relayed_batches_state ON relayed_batches (poll, state, shipment);
CREATE INDEX relayed_batches_digest ON relayed_batches (digest);
