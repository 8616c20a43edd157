-- A small shop with one problem of its indexes of each kind. A unique index that fails comes on top.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, phone text);
INSERT INTO customers SELECT n, 'C' || n || '@example.com', CASE WHEN n % 10000 = 0 THEN '555' WHEN n % 3 > 0 THEN '0' || n END FROM generate_series(1, 30000) n;
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, note text, state text NOT NULL, placed_at timestamptz NOT NULL);
INSERT INTO orders SELECT n, 1 + n % 29000, 'note ' || n, 's' || n % 40, timestamptz '2026-01-01 00:00+00' + n * interval '1 minute' FROM generate_series(1, 60000) n;
CREATE INDEX orders_note_idx ON orders (note);
CREATE INDEX orders_state_placed_at_idx ON orders (state, placed_at);
CREATE INDEX orders_state_idx ON orders (state);
CREATE INDEX orders_placed_at_idx ON orders (placed_at);
CREATE INDEX orders_placed_at_idx_again ON orders (placed_at);
