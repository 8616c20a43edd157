-- A database with everything that is odd, for tests of shadows.
CREATE EXTENSION pg_trgm;
CREATE SCHEMA "Mixed Case";
CREATE SCHEMA later;
CREATE EXTENSION citext SCHEMA later;

CREATE COLLATION later.plain (provider = libc, locale = 'C');
CREATE TYPE later.mood AS ENUM ('sad', 'it''s ok', 'glad');
CREATE TYPE "Mixed Case"."Point Pair" AS (x int, "Y y" numeric(6, 2), m later.mood);
CREATE DOMAIN later.percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100) NOT NULL;
CREATE DOMAIN later.word AS text COLLATE "C" CHECK (VALUE <> '');
CREATE TYPE later.span AS RANGE (subtype = float8);

CREATE FUNCTION later.folded(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT COST 7 AS $$BEGIN RETURN lower(t); END$$;
CREATE FUNCTION later.doubled(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';

CREATE TABLE "Mixed Case"."Order Lines" (
  "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gone1 int, kind later.mood NOT NULL, "Note" text COLLATE "C", gone2 text,
  price numeric(10, 2) NOT NULL CHECK (price >= 0), share later.percent, word later.word,
  twice int GENERATED ALWAYS AS (later.doubled(1) + 4) STORED,
  tags text[], doc jsonb, words tsvector, at timestamptz NOT NULL, during tstzrange, wide later.span,
  pair "Mixed Case"."Point Pair", mail later.citext, net inet, code uuid, bits varchar(12), own text COLLATE later.plain,
  "select" int
) WITH (fillfactor = 70, parallel_workers = 3);
ALTER TABLE "Mixed Case"."Order Lines" DROP COLUMN gone1, DROP COLUMN gone2;
ALTER TABLE "Mixed Case"."Order Lines" ADD COLUMN added int;
INSERT INTO "Mixed Case"."Order Lines" (kind, "Note", price, share, word, tags, doc, words, at, during, wide, pair, mail, net, code, bits, own, "select", added)
SELECT (ARRAY['sad', 'it''s ok', 'glad'])[1 + g % 3]::later.mood, CASE WHEN g % 5 > 0 THEN 'n"o\te, ' || g % 40 END, g / 10.0, g % 101, 'w' || g % 7,
  ARRAY['t' || g % 9, 'a "b"', NULL], jsonb_build_object('k', g % 11), to_tsvector('simple', 'alpha beta w' || g % 13),
  timestamptz '2024-01-01' + g * interval '1 hour', tstzrange(timestamptz '2024-01-01' + g * interval '1 hour', CASE WHEN g % 4 > 0 THEN timestamptz '2024-02-01' + g * interval '1 hour' END),
  later.span(g, g + 1.5), ROW(g % 4, g / 3.0, 'glad'::later.mood)::"Mixed Case"."Point Pair", 'M' || g % 17 || '@x.org', ('10.0.0.' || g % 200)::inet, md5(g::text)::uuid, 'b' || g % 300, 'o' || g % 21, g % 2, CASE WHEN g % 3 = 0 THEN g END
FROM generate_series(1, 4000) g;

CREATE INDEX "by Note" ON "Mixed Case"."Order Lines" (lower("Note"), "Id") INCLUDE (price) WHERE kind <> 'sad';
CREATE INDEX by_folded ON "Mixed Case"."Order Lines" USING btree (later.folded("Note") DESC NULLS LAST) WITH (fillfactor = 60);
CREATE INDEX by_tags ON "Mixed Case"."Order Lines" USING gin (tags);
CREATE INDEX by_words ON "Mixed Case"."Order Lines" USING gin (words);
CREATE INDEX by_trigram ON "Mixed Case"."Order Lines" USING gin ("Note" public.gin_trgm_ops);
CREATE INDEX by_during ON "Mixed Case"."Order Lines" USING gist (during);
CREATE INDEX by_at ON "Mixed Case"."Order Lines" USING brin (at);
CREATE INDEX by_code ON "Mixed Case"."Order Lines" USING hash (code);
CREATE INDEX by_mail ON "Mixed Case"."Order Lines" (mail);
CREATE UNIQUE INDEX one_only ON "Mixed Case"."Order Lines" ((true)) WHERE "Id" = 17;
CREATE STATISTICS later.together (ndistinct, dependencies, mcv) ON kind, "select", bits FROM "Mixed Case"."Order Lines";
CREATE STATISTICS plainly (mcv, ndistinct) ON "Note", bits FROM "Mixed Case"."Order Lines";

CREATE TABLE later.parents (id int PRIMARY KEY, name varchar(20) NOT NULL, CONSTRAINT named CHECK (name <> 'x'));
CREATE TABLE later.children (extra date) INHERITS (later.parents);
CREATE INDEX children_extra ON later.children (extra);
INSERT INTO later.parents SELECT g, 'p' || g FROM generate_series(1, 300) g;
INSERT INTO later.children SELECT g, 'c' || g, date '2020-01-01' + g FROM generate_series(1, 500) g;

CREATE TABLE public.events (id bigint, day date NOT NULL, who int, kind text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE public.events_old PARTITION OF public.events FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE public.events_new (day date NOT NULL, gone int, kind text, id bigint NOT NULL, who int);
ALTER TABLE public.events_new DROP COLUMN gone;
ALTER TABLE public.events ATTACH PARTITION public.events_new FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE public.events_rest PARTITION OF public.events DEFAULT PARTITION BY LIST (day);
CREATE TABLE public.events_rest_a PARTITION OF public.events_rest FOR VALUES IN ('2026-01-01', '2026-01-02');
CREATE INDEX events_who ON public.events (who, day);
INSERT INTO public.events SELECT g, date '2023-06-01' + g % 500, 1 + g % 50, 'k' || g % 5 FROM generate_series(1, 3000) g;
ALTER TABLE public.events ADD CONSTRAINT events_who_parent FOREIGN KEY (who) REFERENCES later.parents;

CREATE TABLE public.bookings (room int, during tsrange, EXCLUDE USING gist (during WITH &&));
INSERT INTO public.bookings SELECT g, tsrange(timestamp '2024-01-01' + g * interval '1 day', timestamp '2024-01-01' + (g + 1) * interval '1 day') FROM generate_series(1, 200) g;
CREATE UNLOGGED TABLE public.scratch (a int, b int UNIQUE DEFERRABLE INITIALLY DEFERRED, c money, d bytea, e bit(3), f char(4), g "char", h name);
INSERT INTO public.scratch SELECT 5, g, g, '\x00', B'101', 'ab', 'z', 'n' FROM generate_series(1, 100) g;
CREATE TABLE public.never_analyzed (id serial PRIMARY KEY, t text) WITH (autovacuum_enabled = off);
CREATE TABLE public.empty (id int);
CREATE TABLE public.nothing ();
ALTER TABLE public.scratch ADD CONSTRAINT refers FOREIGN KEY (a) REFERENCES later.parents ON DELETE CASCADE;
ALTER TABLE public.scratch ADD CONSTRAINT unchecked CHECK (b > 50) NOT VALID;
ALTER TABLE public.bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY rooms ON public.bookings USING (room > 3);

CREATE MATERIALIZED VIEW later.counted AS SELECT kind, count(*) AS n FROM "Mixed Case"."Order Lines" GROUP BY kind;
CREATE UNIQUE INDEX counted_kind ON later.counted (kind);
CREATE VIEW later.second AS SELECT * FROM later.counted WHERE n > 17;
CREATE VIEW later.first AS SELECT s.kind AS "Kind", p.name FROM later.second s JOIN later.parents p ON p.id = s.n;
CREATE OR REPLACE VIEW later.second WITH (security_barrier) AS SELECT kind, n FROM later.counted WHERE n > 18;
CREATE FUNCTION later.latest(who later.parents) RETURNS SETOF later.children LANGUAGE sql STABLE ROWS 3 AS 'SELECT * FROM later.children WHERE id = who.id';
CREATE VIEW later.third AS SELECT f."Kind", (later.latest(p)).extra FROM later.first f, later.parents p;
CREATE AGGREGATE later.product (float8) (SFUNC = float8mul, STYPE = float8, INITCOND = '1');
CREATE VIEW later.fourth AS SELECT later.product(n) FROM later.counted;
DO $newer$BEGIN
  IF current_setting('server_version_num')::int >= 140000 THEN
    EXECUTE 'CREATE STATISTICS later.shaped (mcv, ndistinct) ON lower("Note"), (added % 10), bits FROM "Mixed Case"."Order Lines"';
    EXECUTE 'CREATE STATISTICS later.single ON (added * 2) FROM "Mixed Case"."Order Lines"';
    EXECUTE 'ALTER TABLE public.bookings ADD COLUMN many int4multirange';
    EXECUTE 'UPDATE public.bookings SET many = int4multirange(int4range(room, room + 3), int4range(room + 9, room + 12))';
    EXECUTE 'CREATE FUNCTION later.bound(n bigint) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM later.second WHERE second.n > bound.n; END';
  END IF;
  IF current_setting('server_version_num')::int >= 150000 THEN
    EXECUTE 'CREATE UNIQUE INDEX same_nulls ON later.children (id, extra) NULLS NOT DISTINCT';
    EXECUTE 'CREATE VIEW later.invoked WITH (security_invoker) AS SELECT 1 AS one FROM later.parents';
  END IF;
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE 'ALTER TABLE later.parents ADD COLUMN shown int GENERATED ALWAYS AS (id + 1) VIRTUAL';
    EXECUTE 'ALTER TABLE public.scratch ADD CONSTRAINT a_there NOT NULL a NOT VALID';
    EXECUTE 'ALTER TABLE public.scratch ADD CONSTRAINT loose CHECK (a < 0) NOT ENFORCED';
    EXECUTE 'CREATE TABLE later.periods (id int4range NOT NULL, at tsrange, PRIMARY KEY (id, at WITHOUT OVERLAPS))';
  END IF;
END$newer$;
-- by itself
VACUUM (ANALYZE);
-- by itself
UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"Mixed Case".by_mail'::regclass;
