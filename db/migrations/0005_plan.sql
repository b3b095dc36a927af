-- The one board: wishes, and the works of kept plans.

-- What a village wants: a share of villagers for a measure, or a veto against it. The newest stands.
CREATE TABLE wish (
    home_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    measure TEXT NOT NULL,
    batch_id INTEGER NOT NULL,
    is_veto INTEGER NOT NULL CHECK (is_veto IN (0, 1)),
    support INTEGER NOT NULL, -- ten-thousandths
    note TEXT NOT NULL,
    PRIMARY KEY (home_id, unit_id, measure, batch_id)
) STRICT, WITHOUT ROWID;

-- One work of one plan. Money in fen; value as the solver counts it; years as they are.
CREATE TABLE plan_work (
    home_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    measure TEXT NOT NULL,
    level INTEGER NOT NULL,
    year INTEGER NOT NULL,
    recipe TEXT NOT NULL,
    cost_fen INTEGER NOT NULL,
    PRIMARY KEY (home_id, run_id, unit_id, measure)
) STRICT, WITHOUT ROWID;
