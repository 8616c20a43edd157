-- Tables of many shapes, most of them bloated, for estimates to be compared with what a rewrite gives
-- back. n(x) gives x or a multiple of it; it is made by who runs this.
SET search_path = shapes, public;
SET client_min_messages = warning;
SELECT setseed(0.31);

CREATE FUNCTION words(int) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT left(string_agg(md5(random()::text), ''), greatest($1, 1)) FROM generate_series(1, greatest($1, 1) / 32 + 1) $$;

-- Rows of one order stand together; every third range of orders was deleted.
CREATE TABLE items (order_id int, line smallint, product int, price numeric(12,2), note text) WITH (autovacuum_enabled = off);
INSERT INTO items SELECT o, l, (random() * 2000)::int, (random() * 1e6)::numeric(12,2), words((random() * 30)::int)
FROM generate_series(1, n(32000)) o, generate_series(1, 1 + (o * 7919) % 8) l;
CREATE INDEX items_order ON items (order_id);
CREATE UNIQUE INDEX items_line ON items (order_id, line);
CREATE INDEX items_product ON items (product);
CREATE INDEX items_price ON items (price);
CREATE INDEX items_cover ON items (product) INCLUDE (price, note);
DELETE FROM items WHERE (order_id / 500) % 3 = 0;
VACUUM items;

-- Keys of very different frequency, and many columns that are mostly NULL.
CREATE TABLE visits (id bigint, who int, page text, day date, a int, b bigint, c text, d numeric, e uuid, f timestamptz, g smallint, h inet)
WITH (autovacuum_enabled = off);
INSERT INTO visits SELECT g, (power(random(), 4) * n(20000))::int, 'page/' || (power(random(), 3) * 300)::int, date '2025-01-01' + g / 3000,
  CASE WHEN random() < .1 THEN g END, CASE WHEN random() < .2 THEN g END, CASE WHEN random() < .1 THEN words(40) END,
  CASE WHEN random() < .3 THEN random() * 1e5 END, CASE WHEN random() < .1 THEN md5(g::text)::uuid END,
  CASE WHEN random() < .5 THEN now() END, 3, CASE WHEN random() < .2 THEN '10.1.2.3'::inet END
FROM generate_series(1, n(120000)) g;
CREATE INDEX visits_who ON visits (who);
CREATE INDEX visits_page ON visits (page);
CREATE INDEX visits_day ON visits (day, page);
CREATE INDEX visits_e ON visits (e);
CREATE INDEX visits_some ON visits (f) WHERE a IS NOT NULL;
DELETE FROM visits WHERE random() < .4;
VACUUM visits;

-- Partitions, updated without a vacuum since.
CREATE TABLE events (id int, at timestamptz, kind text, payload jsonb) PARTITION BY RANGE (id);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (20000) WITH (autovacuum_enabled = off);
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (20000) TO (100000000) WITH (autovacuum_enabled = off, fillfactor = 80);
INSERT INTO events SELECT g, now() - g * interval '1 s', 'kind ' || g % 7, jsonb_build_object('v', random(), 'tags', (SELECT jsonb_agg(words(10)) FROM generate_series(1, g % 4)))
FROM generate_series(1, n(40000)) g;
CREATE INDEX events_at ON events (at);
CREATE INDEX events_kind ON events (kind);
UPDATE events SET kind = 'other' WHERE id % 3 = 0;

-- Few rows a page, an array, a uuid.
CREATE TABLE wide (id uuid PRIMARY KEY, xs int[], body text) WITH (autovacuum_enabled = off, fillfactor = 90);
INSERT INTO wide SELECT md5(g::text)::uuid, ARRAY(SELECT (random() * 1e6)::int FROM generate_series(1, g % 30)), words(700 + (random() * 1100)::int)
FROM generate_series(1, n(3000)) g;
DELETE FROM wide WHERE random() < .25;
VACUUM wide;

-- Values out of line, compressed and not.
CREATE TABLE docs (id int PRIMARY KEY, doc text, note text, blob bytea) WITH (autovacuum_enabled = off);
ALTER TABLE docs ALTER note SET STORAGE EXTERNAL;
INSERT INTO docs SELECT g, repeat(words(100), 10 + (random() * 60)::int), words((random() * 3000)::int), decode(repeat(md5(g::text), (random() * 200)::int), 'hex')
FROM generate_series(1, n(2500)) g;
DELETE FROM docs WHERE id % 5 < 2;
VACUUM docs;

-- Padding, types of every alignment, a column that was dropped and one that was added with a default.
CREATE TABLE padded (a bool, b bigint, c "char", d float8, e smallint, f point, gone text, g char(13), h interval, i time, j bit varying, k tsvector) WITH (autovacuum_enabled = off);
INSERT INTO padded SELECT true, g, 'x', random(), 1, point(1, g), words(70), 'abc', interval '1 day', time '12:00', B'1011', 'a b'::tsvector
FROM generate_series(1, n(20000)) g;
ALTER TABLE padded DROP gone;
ALTER TABLE padded ADD late int NOT NULL DEFAULT 7;
CREATE INDEX padded_g ON padded (g);
CREATE INDEX padded_late ON padded (late);

-- Names, expressions, a unique key with duplicates of NULL, an index that is grown and one with a fillfactor.
CREATE TABLE people (login name, email text, born date, city text COLLATE "C") WITH (autovacuum_enabled = off);
CREATE INDEX people_grown ON people (email);
INSERT INTO people SELECT 'user_' || g, CASE WHEN g % 4 > 0 THEN words(14) || '@x.com' END, date '1950-01-01' + (random() * 20000)::int, 'city ' || (random() * 50)::int
FROM generate_series(1, n(30000)) g;
CREATE UNIQUE INDEX people_login ON people (login);
CREATE UNIQUE INDEX people_email ON people (email);
CREATE INDEX people_lower ON people (lower(email), born);
CREATE INDEX people_city ON people (city) WITH (fillfactor = 70);
DELETE FROM people WHERE random() < .15;
VACUUM people;

-- Room on purpose, and updates that used it.
CREATE TABLE counters (id int PRIMARY KEY, hits bigint) WITH (autovacuum_enabled = off, fillfactor = 60);
INSERT INTO counters SELECT g, 0 FROM generate_series(1, n(30000)) g;
UPDATE counters SET hits = hits + 1 WHERE id % 2 = 0;

-- Names that have to be quoted, and a materialized view.
CREATE TABLE "Odd table" ("select" int, "Ümlaut x" text) WITH (autovacuum_enabled = off);
INSERT INTO "Odd table" SELECT g, words(20) FROM generate_series(1, n(10000)) g;
CREATE INDEX "Odd index" ON "Odd table" ("Ümlaut x", "select");
DELETE FROM "Odd table" WHERE "select" % 10 = 0;
CREATE MATERIALIZED VIEW cities AS SELECT city, count(*) AS people FROM people GROUP BY city;
CREATE TABLE nothing (id int PRIMARY KEY, t text);
