-- What this service has published, and where it is kept beside here. The bytes of blocks are objects, found by digest.
-- Moments are Unix milliseconds, content identifiers are texts.

CREATE TABLE published_blocks (
    -- SHA-256 of the bytes: one block, whichever codec an identifier names
    digest    BYTEA  NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    size      BIGINT NOT NULL CHECK (size >= 0),
    stored_at BIGINT NOT NULL
);

-- What is pinned as a whole: a block alone, or a directory with everything below it.
CREATE TABLE published_roots (
    cid          TEXT   NOT NULL PRIMARY KEY CHECK (length(cid) > 0),
    why          TEXT   NOT NULL,
    published_at BIGINT NOT NULL
);

CREATE TABLE pins (
    cid        TEXT   NOT NULL REFERENCES published_roots (cid),
    target     TEXT   NOT NULL CHECK (length(target) > 0),
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'requested', 'pinned')),
    -- attempts since the last that succeeded
    attempts   BIGINT NOT NULL CHECK (attempts >= 0),
    -- the target's own name for what it was asked
    request    TEXT,
    problem    TEXT,
    due        BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (cid, target)
);

CREATE INDEX pins_due ON pins (target, due) WHERE state <> 'pinned';

-- The whole of a poll's result, under one root.
CREATE TABLE publications (
    poll         TEXT   NOT NULL PRIMARY KEY,
    root         TEXT   NOT NULL REFERENCES published_roots (cid),
    published_at BIGINT NOT NULL
);
