-- What has to be mended beside the world `schema`: each kind of fix that a page has for a catalog. Steps are
-- sent one by one; one behind `fails` has to fail.

-- step
CREATE TABLESPACE fast LOCATION ''
-- step
CREATE ROLE keeper LOGIN; GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE FUNCTION forget(who bigint) RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
-- step: no primary key, in each form
CREATE TABLE keyed (id bigint NOT NULL, n int); INSERT INTO keyed SELECT n, n FROM generate_series(1, 2000) n;
CREATE TABLE indexed (code text NOT NULL); INSERT INTO indexed SELECT n FROM generate_series(1, 2000) n;
CREATE UNIQUE INDEX indexed_code ON indexed (code);
CREATE TABLE constrained (code text NOT NULL UNIQUE); INSERT INTO constrained SELECT n FROM generate_series(1, 2000) n;
CREATE TABLE keyless (note text); INSERT INTO keyless SELECT n FROM generate_series(1, 2000) n;
-- step: indexes that nobody needs, some in a tablespace
CREATE TABLE "Twice" (id int PRIMARY KEY, a int, b int, "C d" text);
INSERT INTO "Twice" SELECT n, n, n, n FROM generate_series(1, 2000) n;
CREATE INDEX "Twice_a" ON "Twice" (a);
CREATE INDEX "Twice again" ON "Twice" (a) WITH (fillfactor = 80) TABLESPACE fast;
CREATE INDEX twice_ab ON "Twice" (a, b);
CREATE INDEX twice_some ON "Twice" ("C d") TABLESPACE fast WHERE b > 5;
CREATE INDEX twice_some_again ON "Twice" ("C d") TABLESPACE fast WHERE b > 5;
ALTER TABLE "Twice" ADD CONSTRAINT twice_b UNIQUE (b), ADD CONSTRAINT twice_b_again UNIQUE (b) USING INDEX TABLESPACE fast DEFERRABLE;
-- step: keys of others without index
CREATE TABLE owned (id int PRIMARY KEY, parent_id bigint REFERENCES parent);
INSERT INTO owned SELECT n, NULL FROM generate_series(1, 2000) n;
CREATE TABLE tree (id int, parent_id bigint REFERENCES parent, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE tree_1 PARTITION OF tree FOR VALUES FROM (1) TO (1000);
CREATE TABLE tree_2 PARTITION OF tree FOR VALUES FROM (1000) TO (MAXVALUE);
INSERT INTO tree SELECT n, NULL FROM generate_series(1, 4000) n;
-- step: numbers that run out
CREATE TABLE counted (id serial PRIMARY KEY); SELECT setval('counted_id_seq', 2000000000);
CREATE SEQUENCE numbers AS smallint MAXVALUE 30000; SELECT setval('numbers', 29900);
CREATE SEQUENCE tickets MAXVALUE 999; SELECT setval('tickets', 990);
-- step: autovacuum off for the TOAST table too, and settings of it
CREATE TABLE kept (id int PRIMARY KEY, note text) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
-- step: rows that an owner must see by policies
CREATE TABLE owned_a (id int); CREATE TABLE owned_b (id int); CREATE TABLE owned_c (id int);
ALTER TABLE owned_a OWNER TO tenant; ALTER TABLE owned_b OWNER TO tenant; ALTER TABLE owned_c OWNER TO tenant;
ALTER TABLE owned_a ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON owned_a USING (id > 0);
ALTER TABLE owned_b ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON owned_b USING (id > 0);
ALTER TABLE owned_c ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON owned_c USING (id > 0);
-- step: checks of keys
ALTER TABLE child ADD CONSTRAINT unchecked FOREIGN KEY (id) REFERENCES narrow NOT VALID;
-- step: an index that was half dropped or half built
CREATE TABLE doubled (n int); INSERT INTO doubled VALUES (1), (1);
CREATE INDEX doubled_n ON doubled (n);
-- step fails
CREATE UNIQUE INDEX CONCURRENTLY doubled_n_ccnew ON doubled (n)
-- step
ANALYZE
