-- A measure may be built in two goes: two works of one measure, the later one of a higher level.
ALTER TABLE plan_work RENAME TO plan_work_once;
CREATE TABLE plan_work (
    home_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    measure TEXT NOT NULL,
    level INTEGER NOT NULL,
    year INTEGER NOT NULL,
    recipe TEXT NOT NULL,
    cost_fen INTEGER NOT NULL,
    PRIMARY KEY (home_id, run_id, unit_id, measure, level)
) STRICT, WITHOUT ROWID;
INSERT INTO plan_work SELECT * FROM plan_work_once;
DROP TABLE plan_work_once;
