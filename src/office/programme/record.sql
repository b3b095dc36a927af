-- version_last() -> sha256, source -- scans: one row, the last
SELECT sha256, source FROM programme_version ORDER BY seq DESC LIMIT 1;

-- version_rows() -> sha256, programme, version, source, seq, at_ms, actor -- scans: all are stamped
SELECT sha256, programme, version, source, seq, at_ms, actor FROM programme_version ORDER BY sha256;

-- version_find(prefix) -> sha256, source -- scans: one row a version
SELECT sha256, source FROM programme_version
 WHERE lower(hex(sha256)) LIKE :prefix || '%' ORDER BY seq DESC LIMIT 1;
-- engine: pg
SELECT sha256, source FROM programme_version
 WHERE encode(sha256, 'hex') LIKE :prefix || '%' ORDER BY seq DESC LIMIT 1;

-- version_put(sha256, programme, version, source, at_ms, actor)
INSERT INTO programme_version (sha256, programme, version, source, seq, at_ms, actor)
SELECT :sha256, :programme, :version, :source, coalesce(max(seq), 0) + 1, :at_ms, :actor
  FROM programme_version WHERE true
    ON CONFLICT (sha256) DO UPDATE SET seq = excluded.seq;
