-- Every column is explained in docs/schema.md.

CREATE TABLE pool_list_version (
    id         smallint    GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    text        NOT NULL,
    algorithm  text        NOT NULL,
    content    text        NOT NULL,
    applied_at timestamptz NOT NULL,
    UNIQUE (version, algorithm)
);

CREATE TABLE pool (
    id   smallint PRIMARY KEY,
    slug text     NOT NULL UNIQUE,
    name text     NOT NULL,
    link text     NOT NULL
);

INSERT INTO pool (id, slug, name, link) VALUES (0, 'unknown', 'Unknown', '');

CREATE TABLE chain (
    only_row     boolean  PRIMARY KEY DEFAULT true CHECK (only_row),
    network      text     NOT NULL,
    genesis_hash bytea    NOT NULL CHECK (length(genesis_hash) = 32),
    from_height  integer  NOT NULL CHECK (from_height >= 0),
    pool_list_id smallint NOT NULL REFERENCES pool_list_version (id),
    revision     bigint   NOT NULL,
    tip_height   integer,
    tip_hash     bytea    CHECK (length(tip_hash) = 32)
);

CREATE TABLE chain_change (
    revision    bigint      PRIMARY KEY,
    kept_height integer     NOT NULL,
    staled      integer     NOT NULL,
    added       integer     NOT NULL,
    at          timestamptz NOT NULL
);

CREATE TABLE block (
    hash        bytea       PRIMARY KEY CHECK (length(hash) = 32),
    prev_hash   bytea       NOT NULL CHECK (length(prev_hash) = 32),
    height      integer     NOT NULL,
    active      boolean     NOT NULL,
    version     integer     NOT NULL,
    merkle_root bytea       NOT NULL CHECK (length(merkle_root) = 32),
    time        timestamptz NOT NULL,
    median_time timestamptz NOT NULL,
    bits        bigint      NOT NULL,
    nonce       bigint      NOT NULL,
    tx_count    integer     NOT NULL CHECK (tx_count > 0),
    coinbase_tx bytea       NOT NULL
);

CREATE UNIQUE INDEX block_active_height ON block (height) WHERE active;
CREATE INDEX block_stale_height ON block (height) WHERE NOT active;

CREATE TABLE attribution (
    block_hash   bytea    PRIMARY KEY REFERENCES block (hash),
    pool_list_id smallint NOT NULL REFERENCES pool_list_version (id),
    pool_id      smallint NOT NULL REFERENCES pool (id),
    method       text     NOT NULL CHECK (method IN ('address', 'tag', 'unknown')),
    rule         text,
    rule_index   integer,
    rule_value   bigint,
    others       jsonb,
    conflicts    text[],
    CHECK ((method = 'unknown') = (pool_id = 0) AND (method = 'unknown') = (rule IS NULL))
);

CREATE TABLE pool_day (
    day     date     NOT NULL,
    pool_id smallint NOT NULL REFERENCES pool (id),
    blocks  integer  NOT NULL CHECK (blocks >= 0),
    PRIMARY KEY (day, pool_id)
);
