CREATE TYPE state AS ENUM ('open', 'paid', 'sent');
CREATE TABLE customers (
  id bigserial PRIMARY KEY, name text NOT NULL, email varchar(80), active boolean NOT NULL DEFAULT true,
  born date, region char(2), parent_id bigint REFERENCES customers, score double precision);
CREATE TABLE orders (
  id bigserial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, state state NOT NULL DEFAULT 'open',
  placed_at timestamptz NOT NULL DEFAULT now(), due date, local_at timestamp, total numeric(10,2), tags text[],
  numbers int[], data jsonb, quantity int, wait interval, opens time);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON orders (placed_at);
INSERT INTO customers (name, email, active, born, region, score)
SELECT 'name ' || i, 'm' || i || '@x.y', i % 7 > 0, date '1950-01-01' + i * 7, 'r' || i % 9, i / 3.0
FROM generate_series(1, 2000) i;
INSERT INTO orders (customer_id, state, placed_at, due, local_at, total, tags, numbers, data, quantity, wait, opens)
SELECT 1 + i * 7 % 2000, (enum_range(NULL::state))[1 + CASE WHEN i % 50 = 0 THEN 0 WHEN i % 5 = 0 THEN 1 ELSE 2 END],
       timestamptz '2026-01-01' + i * interval '10 minutes', date '2026-01-01' + i / 100, timestamp '2026-01-01' + i * interval '10 minutes',
       i % 1000 / 10.0, ARRAY['t' || i % 11], ARRAY[i % 13], jsonb_build_object('k', i % 100, 'city', 'c' || i % 30), i % 20,
       i % 100 * interval '1 hour', time '08:00' + i % 60 * interval '1 minute'
FROM generate_series(1, 20000) i;
ANALYZE;
