-- setting_get(key) -> value
SELECT value FROM office WHERE key = :key;

-- setting_put(key, value)
INSERT INTO office (key, value) VALUES (:key, :value)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
