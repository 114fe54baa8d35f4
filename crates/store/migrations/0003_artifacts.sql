-- Things that took long to make, by a key that says what went into them. A cache.

CREATE TABLE artifacts (
    name   TEXT  NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    bytes  BYTEA NOT NULL
);
