SELECT id FROM customers WHERE lower(email) = 'c77@example.com';
SELECT id, note FROM orders WHERE customer_id = 77;
SELECT id, note FROM orders WHERE state = 's7' ORDER BY placed_at LIMIT 3;
SELECT id, note FROM orders WHERE placed_at > '2026-02-11 15:00+00';
SELECT id FROM customers WHERE phone = '077';
