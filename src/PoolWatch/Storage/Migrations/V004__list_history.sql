-- Which list was active when, and what it said before: attributions are replaced, never forgotten.

CREATE TABLE pool_list_change (
    id           integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('begin', 'apply', 'rollback', 'follow')),
    pool_list_id smallint    NOT NULL REFERENCES pool_list_version (id),
    former_id    smallint    REFERENCES pool_list_version (id),
    revision     bigint      NOT NULL,
    tip_height   integer,
    blocks       integer     NOT NULL,
    moved        integer     NOT NULL,
    changed      integer     NOT NULL,
    accepted     boolean     NOT NULL
);

CREATE TABLE pool_list_pool (
    pool_list_id smallint NOT NULL REFERENCES pool_list_version (id),
    slug         text     NOT NULL,
    name         text     NOT NULL,
    pool_id      smallint NOT NULL REFERENCES pool (id),
    PRIMARY KEY (pool_list_id, slug)
);

-- What an attribution was before a change; one row for each block that the change gave another.
CREATE TABLE attribution_change (
    block_hash   bytea    NOT NULL,
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
    PRIMARY KEY (block_hash, change_id)
);

ALTER TABLE attribution ADD COLUMN miners text[];

-- What is stored of an attribution grew; the service brings older ones up to date when it begins to write.
ALTER TABLE chain ADD COLUMN evidence smallint NOT NULL DEFAULT 1;

-- At the end of a statement, so that two pools can change names in one.
ALTER TABLE pool DROP CONSTRAINT pool_slug_key, ADD CONSTRAINT pool_slug_key UNIQUE (slug) DEFERRABLE INITIALLY IMMEDIATE;

INSERT INTO pool_list_pool (pool_list_id, slug, name, pool_id)
SELECT l.id, p.slug, listed ->> 'name', p.id
FROM pool_list_version l
CROSS JOIN LATERAL jsonb_array_elements(l.content::jsonb -> 'pools') AS listed
JOIN pool p ON p.slug = listed ->> 'slug';

INSERT INTO pool_list_change (at, kind, pool_list_id, revision, tip_height, blocks, moved, changed, accepted)
SELECT l.applied_at, 'begin', c.pool_list_id, 0, NULL, 0, 0, 0, false
FROM chain c JOIN pool_list_version l ON l.id = c.pool_list_id;

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
JOIN attribution a ON a.block_hash = b.hash
JOIN pool p ON p.id = a.pool_id;

-- Every attribution that a block ever had; until is null for the present one.
CREATE VIEW v_attribution_history AS
WITH every AS (
    SELECT block_hash, change_id, pool_list_id, pool_id, method, rule, rule_index, others, conflicts FROM attribution_change
    UNION ALL
    SELECT block_hash, NULL::integer AS change_id, pool_list_id, pool_id, method, rule, rule_index, others, conflicts FROM attribution
)
SELECT b.height,
       display_hash(b.hash)    AS hash,
       b.active,
       lag(c.at) OVER (PARTITION BY e.block_hash ORDER BY e.change_id) AS since,
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
JOIN block b ON b.hash = e.block_hash
JOIN pool p ON p.id = e.pool_id
JOIN pool_list_version l ON l.id = e.pool_list_id
LEFT JOIN pool_list_change c ON c.id = e.change_id;
