-- Blocks are numbered in the order in which they are stored, and attributions go by that number: indexes of 32-byte hashes, which come in random order,
-- took half of a change of list that moves most blocks.

ALTER TABLE block
    ADD COLUMN id integer GENERATED ALWAYS AS IDENTITY,
    DROP CONSTRAINT block_pkey,
    ADD PRIMARY KEY (id),
    ADD CONSTRAINT block_hash_key UNIQUE (hash);
-- From here on the writer says it, who writes the attributions too.
ALTER TABLE block ALTER COLUMN id DROP IDENTITY;

-- The views and what is granted on them stand, so the old tables go last.
ALTER TABLE attribution RENAME TO attribution_by_hash;
ALTER INDEX attribution_pkey RENAME TO attribution_by_hash_pkey;
ALTER TABLE attribution_change RENAME TO attribution_change_by_hash;
ALTER INDEX attribution_change_pkey RENAME TO attribution_change_by_hash_pkey;

CREATE TABLE attribution (
    block_id     integer  PRIMARY KEY,
    pool_list_id smallint NOT NULL,
    pool_id      smallint NOT NULL,
    method       text     NOT NULL CHECK (method IN ('address', 'tag', 'unknown')),
    rule         text,
    rule_index   integer,
    rule_value   bigint,
    others       jsonb,
    conflicts    text[],
    miners       text[],
    CHECK ((method = 'unknown') = (pool_id = 0) AND (method = 'unknown') = (rule IS NULL))
);

INSERT INTO attribution (block_id, pool_list_id, pool_id, method, rule, rule_index, rule_value, others, conflicts, miners)
SELECT b.id, a.pool_list_id, a.pool_id, a.method, a.rule, a.rule_index, a.rule_value, a.others, a.conflicts, a.miners
FROM attribution_by_hash a JOIN block b ON b.hash = a.block_hash
ORDER BY b.id;

CREATE TABLE attribution_change (
    block_id     integer  NOT NULL,
    change_id    integer  NOT NULL,
    pool_list_id smallint NOT NULL,
    pool_id      smallint NOT NULL,
    method       text     NOT NULL,
    rule         text,
    rule_index   integer,
    rule_value   bigint,
    others       jsonb,
    conflicts    text[],
    miners       text[],
    PRIMARY KEY (block_id, change_id)
);

INSERT INTO attribution_change (block_id, change_id, pool_list_id, pool_id, method, rule, rule_index, rule_value, others, conflicts, miners)
SELECT b.id, a.change_id, a.pool_list_id, a.pool_id, a.method, a.rule, a.rule_index, a.rule_value, a.others, a.conflicts, a.miners
FROM attribution_change_by_hash a JOIN block b ON b.hash = a.block_hash
ORDER BY b.id, a.change_id;

CREATE OR REPLACE VIEW v_block AS
SELECT b.height,
       display_hash(b.hash)               AS hash,
       b.time,
       b.median_time,
       p.slug                             AS pool,
       p.name                             AS pool_name,
       a.method,
       a.conflicts IS NOT NULL            AS conflict,
       b.active,
       a.rule,
       a.conflicts,
       b.tx_count,
       -- A coinbase is version (4 bytes), input count (1), outpoint (36), then the script's length in one byte: at most 100.
       substring(b.coinbase_tx FROM 43 FOR get_byte(b.coinbase_tx, 41)) AS script_sig,
       a.rule_index,
       a.others,
       a.miners
FROM block b
JOIN attribution a ON a.block_id = b.id
JOIN pool p ON p.id = a.pool_id;

-- Every attribution that a block ever had; until is null for the present one.
CREATE OR REPLACE VIEW v_attribution_history AS
WITH every AS (
    SELECT block_id, change_id, pool_list_id, pool_id, method, rule, rule_index, others, conflicts FROM attribution_change
    UNION ALL
    SELECT block_id, NULL::integer AS change_id, pool_list_id, pool_id, method, rule, rule_index, others, conflicts FROM attribution
)
SELECT b.height,
       display_hash(b.hash)    AS hash,
       b.active,
       lag(c.at) OVER (PARTITION BY e.block_id ORDER BY e.change_id) AS since,
       c.at                    AS until,
       p.slug                  AS pool,
       p.name                  AS pool_name,
       e.method,
       e.rule,
       e.rule_index,
       e.others,
       e.conflicts,
       l.version               AS list_version,
       l.algorithm
FROM every e
JOIN block b ON b.id = e.block_id
JOIN pool p ON p.id = e.pool_id
JOIN pool_list_version l ON l.id = e.pool_list_id
LEFT JOIN pool_list_change c ON c.id = e.change_id;

DROP TABLE attribution_by_hash, attribution_change_by_hash;
