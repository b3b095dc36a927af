-- wish_get(home_id, unit_id, measure, batch_id) -> is_veto, support, note
SELECT is_veto, support, note FROM wish
 WHERE home_id = :home_id AND unit_id = :unit_id AND measure = :measure AND batch_id = :batch_id;

-- wish_count() -> count -- scans: all are counted
SELECT count(*) FROM wish;
