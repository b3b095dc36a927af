-- revert_register(batch) -> as_of
SELECT as_of FROM register WHERE batch = :batch;

-- revert_newest() -> as_of
SELECT coalesce(max(as_of), 0) FROM register;

-- revert_later(batch) -> id, file_name
SELECT id, file_name FROM batch
 WHERE id > :batch AND state = 'committed' AND kind <> 'revert' ORDER BY id LIMIT 1;

-- revert_lineage(batch)
DELETE FROM lineage WHERE batch = :batch;

-- revert_spans(day)
DELETE FROM unit_span WHERE from_day = :day;

-- revert_span_ends(day)
UPDATE unit_span SET to_day = 99991231 WHERE to_day = :day;

-- revert_within(day)
DELETE FROM unit_within WHERE from_day = :day;

-- revert_within_ends(day)
UPDATE unit_within SET to_day = 99991231 WHERE to_day = :day;

-- revert_row(batch)
DELETE FROM register WHERE batch = :batch;
