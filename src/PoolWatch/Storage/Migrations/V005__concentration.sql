-- History of every standard window in every layer: the last block of each day for the whole chain, and every one of the last 4320 blocks.

CREATE TABLE concentration (
    layer               text             NOT NULL,
    window_blocks       integer          NOT NULL,
    height              integer          NOT NULL,
    time                timestamptz      NOT NULL,
    day_end             boolean          NOT NULL,
    unknown_share       double precision NOT NULL,
    miners_share        double precision NOT NULL,
    entities            integer          NOT NULL,
    top1_share          double precision NOT NULL,
    top2_share          double precision NOT NULL,
    top3_share          double precision NOT NULL,
    top4_share          double precision NOT NULL,
    top5_share          double precision NOT NULL,
    top6_share          double precision NOT NULL,
    hhi                 double precision NOT NULL,
    hhi_excluded        double precision NOT NULL,
    hhi_largest         double precision NOT NULL,
    hhi_unbiased        double precision NOT NULL,
    nakamoto            integer          NOT NULL,
    nakamoto_third      integer          NOT NULL,
    nakamoto_two_thirds integer          NOT NULL,
    nakamoto_largest    integer          NOT NULL,
    effective_hhi       double precision NOT NULL,
    effective_entropy   double precision NOT NULL,
    entropy_bits        double precision NOT NULL,
    gini                double precision NOT NULL,
    theil               double precision NOT NULL,
    PRIMARY KEY (layer, window_blocks, height)
);

CREATE INDEX concentration_height ON concentration (height);

-- What the rows were counted from. They are written after the blocks, by a transaction of their own (docs/adr/0014).
CREATE TABLE concentration_state (
    only_row    boolean  PRIMARY KEY DEFAULT true CHECK (only_row),
    revision    bigint   NOT NULL,
    layers      text     NOT NULL,
    edition     smallint NOT NULL,
    from_height integer  NOT NULL,
    tip_height  integer  NOT NULL
);

INSERT INTO concentration_state (revision, layers, edition, from_height, tip_height) VALUES (0, '', 0, 0, -1);

-- Only rows that nothing has changed since: below the fork of every reorganization, and none at all after a change of list, whose fork is below the
-- first block. Where the changes since are no longer all kept, none either.
CREATE VIEW v_concentration AS
WITH valid AS (
    SELECT coalesce(min(n.kept_height), c.tip_height) AS height
    FROM chain c
    CROSS JOIN concentration_state s
    LEFT JOIN chain_change n ON n.revision > s.revision
    GROUP BY c.revision, c.tip_height, s.revision
    HAVING count(n.revision) = c.revision - s.revision
)
SELECT r.time,
       r.height,
       r.layer,
       r.window_blocks,
       -- Which block is a day's last is known from the one behind it.
       r.day_end AND r.height < v.height AS day_end,
       r.unknown_share, r.miners_share, r.entities,
       r.top1_share, r.top2_share, r.top3_share, r.top4_share, r.top5_share, r.top6_share,
       r.hhi, r.hhi_excluded, r.hhi_largest, r.hhi_unbiased,
       r.nakamoto, r.nakamoto_third, r.nakamoto_two_thirds, r.nakamoto_largest,
       r.effective_hhi, r.effective_entropy, r.entropy_bits, r.gini, r.theil
FROM concentration r
JOIN valid v ON r.height <= v.height;
