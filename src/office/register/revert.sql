-- revert_register(batch) -> as_of -- scans: one row a register
SELECT as_of FROM register WHERE batch = :batch ORDER BY as_of;

-- revert_newest() -> as_of
SELECT coalesce(max(as_of), 0) FROM register;

-- revert_lineage(batch) -- scans: undoing a register is rare
DELETE FROM lineage WHERE batch = :batch;

-- revert_spans(day) -- scans: undoing a register is rare
DELETE FROM unit_span WHERE from_day = :day;

-- revert_span_ends(day) -- scans: undoing a register is rare
UPDATE unit_span SET to_day = 99991231 WHERE to_day = :day;

-- revert_within(day) -- scans: undoing a register is rare
DELETE FROM unit_within WHERE from_day = :day;

-- revert_within_ends(day) -- scans: undoing a register is rare
UPDATE unit_within SET to_day = 99991231 WHERE to_day = :day;

-- revert_row(batch) -- scans: one row a register
DELETE FROM register WHERE batch = :batch;
