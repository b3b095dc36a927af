-- wish_put(home_id, unit_id, measure, batch_id, is_veto, support, note)
INSERT INTO wish (home_id, unit_id, measure, batch_id, is_veto, support, note)
VALUES (:home_id, :unit_id, :measure, :batch_id, :is_veto, :support, :note);
