-- An index was there when it was counted, and when it was scanned.
UPDATE indexes SET there_since_at = made_at;

UPDATE indexes SET there_since_at = min(coalesce(there_since_at, seen.at), seen.at)
FROM (SELECT t.index_id, min(min(s.captured_at), coalesce(min(t.last_idx_scan_at), min(s.captured_at))) AS at
      FROM index_stats t JOIN samples s ON s.id = t.sample_id AND s.is_timed
      GROUP BY t.index_id) AS seen
WHERE seen.index_id = indexes.id;
