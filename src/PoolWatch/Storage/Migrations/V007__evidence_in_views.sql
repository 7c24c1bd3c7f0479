-- The views show all that is stored with an attribution, and by which list and rule it holds: of a present one the active list, of a former one
-- the list that was active until then. The table has the list that said so first.

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
       a.miners,
       a.rule_value,
       l.version                          AS list_version,
       l.algorithm
FROM block b
JOIN attribution a ON a.block_id = b.id
JOIN pool p ON p.id = a.pool_id
CROSS JOIN chain
JOIN pool_list_version l ON l.id = chain.pool_list_id;

CREATE OR REPLACE VIEW v_attribution_history AS
WITH every AS (
    SELECT block_id, change_id, pool_id, method, rule, rule_index, rule_value, others, conflicts, miners FROM attribution_change
    UNION ALL
    SELECT block_id, NULL::integer AS change_id, pool_id, method, rule, rule_index, rule_value, others, conflicts, miners FROM attribution
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
       l.algorithm,
       e.rule_value,
       e.miners
FROM every e
JOIN block b ON b.id = e.block_id
JOIN pool p ON p.id = e.pool_id
CROSS JOIN chain
LEFT JOIN pool_list_change c ON c.id = e.change_id
JOIN pool_list_version l ON l.id = CASE WHEN e.change_id IS NULL THEN chain.pool_list_id ELSE c.former_id END;
