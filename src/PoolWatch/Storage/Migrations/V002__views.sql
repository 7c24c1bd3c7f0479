-- For people who write SQL in Grafana: names here are a contract (docs/schema.md), tables are not.

-- Hashes are kept in the order in which they are hashed; people read them the other way round.
CREATE FUNCTION display_hash(hash bytea) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT string_agg(lpad(to_hex(get_byte(hash, i)), 2, '0'), '' ORDER BY i DESC) FROM generate_series(0, length(hash) - 1) AS i);

CREATE VIEW v_block AS
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
       substring(b.coinbase_tx FROM 43 FOR get_byte(b.coinbase_tx, 41)) AS script_sig
FROM block b
JOIN attribution a ON a.block_hash = b.hash
JOIN pool p ON p.id = a.pool_id;

CREATE VIEW v_pool_share_day AS
SELECT d.day,
       p.slug AS pool,
       p.name AS pool_name,
       d.blocks,
       sum(d.blocks) OVER (PARTITION BY d.day)                           AS day_blocks,
       d.blocks::double precision / sum(d.blocks) OVER (PARTITION BY d.day) AS share
FROM pool_day d
JOIN pool p ON p.id = d.pool_id
WHERE d.blocks > 0;

-- Unknown blocks count as one miner each, as in every primary figure (docs/adr/0004).
CREATE VIEW v_concentration_day AS
WITH ranked AS (
    SELECT day, pool_id, blocks,
           sum(blocks) OVER (PARTITION BY day) AS total,
           row_number() OVER (PARTITION BY day ORDER BY pool_id = 0, blocks DESC, pool_id) AS rank,
           sum(blocks) FILTER (WHERE pool_id <> 0) OVER (PARTITION BY day ORDER BY pool_id = 0, blocks DESC, pool_id) AS cumulative
    FROM pool_day
    WHERE blocks > 0
)
SELECT day,
       max(total)::integer                                                                    AS blocks,
       (sum(CASE WHEN pool_id = 0 THEN blocks ELSE blocks::bigint * blocks END) / (max(total)::double precision ^ 2)) AS hhi,
       coalesce(max(blocks) FILTER (WHERE pool_id <> 0), 1)::double precision / max(total)    AS top_share,
       coalesce(sum(blocks) FILTER (WHERE pool_id = 0), 0)::double precision / max(total)     AS unknown_share,
       -- Pools until their sum exceeds half; where all of them together do not, single unknown blocks fill up.
       (coalesce(min(rank) FILTER (WHERE pool_id <> 0 AND 2 * cumulative > total),
                 count(*) FILTER (WHERE pool_id <> 0)
                 + floor(max(total) / 2.0) + 1 - coalesce(sum(blocks) FILTER (WHERE pool_id <> 0), 0)))::integer AS nakamoto
FROM ranked
GROUP BY day;
