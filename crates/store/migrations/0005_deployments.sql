-- Steps of deployments that were done, and the contracts they left. None of it can be fetched again in this form.
-- Addresses and hashes are 0x-hexadecimal in lower case, arguments and libraries are JSON texts.

CREATE TABLE deployment_steps (
    chain       BIGINT NOT NULL CHECK (chain >= 0),
    deployment  TEXT   NOT NULL CHECK (length(deployment) > 0),
    step        TEXT   NOT NULL CHECK (length(step) > 0),
    -- tells the step's call from others by the same name
    fingerprint TEXT   NOT NULL CHECK (length(fingerprint) > 0),
    -- none if the step chose something that was there
    tx_hash     TEXT            CHECK (length(tx_hash) = 66),
    -- what later steps ask for
    address     TEXT            CHECK (length(address) = 42),
    poll        BIGINT          CHECK (poll >= 0),
    done_at     BIGINT NOT NULL,
    PRIMARY KEY (chain, deployment, step, fingerprint)
);

CREATE TABLE deployed_contracts (
    chain      BIGINT NOT NULL CHECK (chain >= 0),
    address    TEXT   NOT NULL CHECK (length(address) = 42),
    -- its id in deployed-contracts.json
    contract   TEXT   NOT NULL CHECK (length(contract) > 0),
    deployment TEXT   NOT NULL,
    tx_hash    TEXT   NOT NULL CHECK (length(tx_hash) = 66),
    arguments  TEXT,
    libraries  TEXT,
    poll       BIGINT          CHECK (poll >= 0),
    done_at    BIGINT NOT NULL,
    PRIMARY KEY (chain, address)
);
