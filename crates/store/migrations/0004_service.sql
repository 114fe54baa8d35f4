-- What the service was asked to do and has done. None of it can be fetched again.
-- Moments are Unix milliseconds, documents are JSON texts, ids are UUIDs of version 7 as texts.

CREATE TABLE watched_polls (
    poll             TEXT   NOT NULL PRIMARY KEY,
    mode             BIGINT NOT NULL CHECK (mode BETWEEN 0 AND 2),
    deployment_block BIGINT          CHECK (deployment_block >= 0),
    -- the name of who pays for its transactions, if it has one of its own
    sender           TEXT,
    since            BIGINT NOT NULL,
    source           TEXT   NOT NULL CHECK (source IN ('api', 'deployed', 'settings')),
    paused           BIGINT NOT NULL CHECK (paused IN (0, 1))
);

CREATE TABLE jobs (
    id         TEXT   NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    kind       TEXT   NOT NULL CHECK (length(kind) > 0),
    -- what makes two jobs the same while neither has ended
    job_key    TEXT   NOT NULL CHECK (length(job_key) > 0),
    poll       TEXT,
    request    TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed', 'cancelled')),
    -- how often it was claimed; also tells one claim from the next
    attempts   BIGINT NOT NULL CHECK (attempts >= 0),
    -- who claimed it last
    runner     TEXT            CHECK (length(runner) = 36),
    not_before BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at   BIGINT,
    result     TEXT,
    error      TEXT,
    begun_by   TEXT   NOT NULL,
    CHECK (state <> 'running' OR (runner IS NOT NULL AND started_at IS NOT NULL)),
    CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'failed', 'cancelled')))
);

CREATE UNIQUE INDEX jobs_live_key ON jobs (job_key) WHERE state IN ('pending', 'running');
CREATE INDEX jobs_due ON jobs (not_before, id) WHERE state = 'pending';
CREATE INDEX jobs_running ON jobs (runner) WHERE state = 'running';
CREATE INDEX jobs_of_poll ON jobs (poll, id);

CREATE TABLE schedules (
    id         TEXT   NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    kind       TEXT   NOT NULL CHECK (length(kind) > 0),
    -- of one kind and name at most one entry is waiting or running
    name       TEXT            CHECK (length(name) > 0),
    poll       TEXT,
    runs_at    BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'missed', 'failed', 'cancelled')),
    last_error TEXT,
    job        TEXT            CHECK (length(job) = 36),
    created_by TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX schedules_live_name ON schedules (kind, name) WHERE state IN ('waiting', 'running');
CREATE INDEX schedules_due ON schedules (runs_at, id) WHERE state = 'waiting';

-- Cursors come from here and not from a sequence: one writer at a time has this row, so whoever reads up to a cursor
-- has seen everything before it, and no cursor is given twice even when all events are pruned.
CREATE TABLE event_cursor (
    only_row    BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    last_cursor BIGINT NOT NULL
);
INSERT INTO event_cursor (only_row, last_cursor) VALUES (1, 0);

CREATE TABLE events (
    event_cursor BIGINT NOT NULL PRIMARY KEY,
    happened_at  BIGINT NOT NULL,
    poll         TEXT,
    job          TEXT            CHECK (length(job) = 36),
    kind         TEXT   NOT NULL CHECK (length(kind) > 0),
    body         TEXT   NOT NULL
);

CREATE INDEX events_by_time ON events (happened_at);

CREATE TABLE session_tokens (
    -- SHA-256 of the token, which itself is written nowhere
    digest     BYTEA  NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    address    TEXT   NOT NULL CHECK (length(address) = 42),
    role       TEXT   NOT NULL CHECK (length(role) > 0),
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE nonces (
    scope      TEXT   NOT NULL,
    nonce      TEXT   NOT NULL CHECK (length(nonce) > 0),
    used       BIGINT NOT NULL CHECK (used IN (0, 1)),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (scope, nonce)
);

-- Each entry carries the hash of the one before it.
CREATE TABLE audit (
    entry_number BIGINT NOT NULL PRIMARY KEY CHECK (entry_number > 0),
    happened_at  BIGINT NOT NULL,
    who          TEXT   NOT NULL,
    what         TEXT   NOT NULL,
    target       TEXT   NOT NULL,
    outcome      TEXT   NOT NULL,
    request      TEXT,
    previous     BYTEA  NOT NULL CHECK (length(previous) = 32),
    hash         BYTEA  NOT NULL CHECK (length(hash) = 32)
);

CREATE TABLE idempotency (
    caller          TEXT   NOT NULL,
    idempotency_key TEXT   NOT NULL CHECK (length(idempotency_key) > 0),
    request_hash    BYTEA  NOT NULL CHECK (length(request_hash) = 32),
    began_at        BIGINT NOT NULL,
    job             TEXT            CHECK (length(job) = 36),
    -- both or neither: the answer, once there is one
    status          BIGINT          CHECK (status BETWEEN 100 AND 599),
    body            BYTEA,
    PRIMARY KEY (caller, idempotency_key),
    CHECK ((status IS NULL) = (body IS NULL))
);

CREATE INDEX idempotency_by_time ON idempotency (began_at);
