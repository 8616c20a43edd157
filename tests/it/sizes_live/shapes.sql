CREATE TABLE shapes.visits AS
  SELECT i AS id, (i % 4001 * 7919) % 4001 AS person, i / 5 AS basket, now() - i * interval '1 second' AS at,
         (ARRAY['new', 'open', 'paid', 'sent', 'closed'])[1 + (i * 31) % 5] AS state,
         (random() * 1000)::numeric(10, 2) AS price, random() AS score,
         md5(i::text) AS token, 'name ' || (i % 30000) || repeat('x', i % 17) AS label,
         CASE WHEN i % 3 = 0 THEN (i * 17) % 900 END AS rare, i % 2 = 0 AS flag,
         gen.uuid AS uuid, (1000 * random() ^ 4)::int AS skewed, (random() * 60000)::int AS pair_a
  FROM generate_series(1, 300000) AS i,
       LATERAL (SELECT md5(i::text || 'u')::uuid AS uuid) AS gen;
ALTER TABLE shapes.visits ADD COLUMN pair_b int;
UPDATE shapes.visits SET pair_b = pair_a % 7000;
CREATE STATISTICS shapes.pairs (ndistinct) ON pair_a, pair_b FROM shapes.visits;
ALTER TABLE shapes.visits ADD PRIMARY KEY (id);
CREATE TYPE shapes.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE shapes.small AS
  SELECT i AS id, (ARRAY['sad', 'ok', 'happy'])[1 + i % 3]::shapes.mood AS mood,
         (ARRAY['AIR', 'RAIL', 'SHIP'])[1 + i % 3]::char(10) AS mode, ('k' || i)::name AS key
  FROM generate_series(1, 900) AS i;
CREATE TABLE shapes.none (id int, at timestamptz);
CREATE TABLE shapes.zipf AS
  SELECT floor(exp(random() * ln(50000)))::int AS word, i AS place FROM generate_series(1, 400000) AS i;
CREATE TABLE shapes.parted (id int, kind int) PARTITION BY RANGE (id);
CREATE TABLE shapes.parted_1 PARTITION OF shapes.parted FOR VALUES FROM (0) TO (50000);
CREATE TABLE shapes.parted_2 PARTITION OF shapes.parted FOR VALUES FROM (50000) TO (200000);
INSERT INTO shapes.parted SELECT i, i % 40 FROM generate_series(0, 199999) AS i;
VACUUM ANALYZE
