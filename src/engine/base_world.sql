-- The world that every case of a rule page starts from: one healthy server, seen once, whose
-- counters are 30 days old and whose log is that of one day. A case adds to it or changes it.
INSERT INTO snapshot (format, tool_version, fingerprint_version, created_at)
VALUES (1, '0.1.0', 'f1', 1767225600000000);

-- Captured 2026-01-01 00:00:00 UTC; started and last reset 2025-12-02 00:00:00 UTC.
INSERT INTO nodes (id, label, role, address, system_identifier, version_num, version, started_at, config_loaded_at, connected_as)
VALUES (1, 'primary', 'primary', 'db.example:5432', '7300000000000000001', 170002, '17.2',
        1764633600000000, 1764633600000000, 'pgtriage');

INSERT INTO databases (id, oid, name, is_collected, owner, encoding, size_bytes, frozen_xid_age, min_mxid_age)
VALUES (1, 16384, 'app', 1, 'postgres', 'UTF8', 10737418240, 1000000, 1000);

INSERT INTO samples (id, node_id, captured_at, postmaster_started_at, statements_reset_at, statements_evicted)
VALUES (1, 1, 1767225600000000, 1764633600000000, 1764633600000000, 0);

INSERT INTO database_stats (sample_id, database_id, stats_reset_at)
VALUES (1, 1, 1764633600000000);

-- The log of the last day. Which statements it holds is not known: there are no settings.
INSERT INTO log_sources (id, name, format, log_bytes, records, from_at, to_at)
VALUES (1, 'postgresql.csv', 'csvlog', 209715200, 1000000, 1767139200000000, 1767225600000000);

INSERT INTO log_totals (records, from_at, to_at, statements, duration_ms, least_ms)
VALUES (1000000, 1767139200000000, 1767225600000000, 900000, 900000, 0.01);

-- Indexes are older than the counters, unless a case says otherwise.
CREATE TRIGGER indexes_are_old AFTER INSERT ON indexes WHEN NEW.there_since_at IS NULL
BEGIN
  UPDATE indexes SET made_at = 1733097600000000, there_since_at = 1733097600000000 WHERE id = NEW.id;
END;

INSERT INTO collections (table_name, node_id)
SELECT name, 1 FROM sqlite_schema WHERE type = 'table';
