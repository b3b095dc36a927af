-- failure_get(login_sha256) -> failures, wait_until_ms, at_ms
SELECT failures, wait_until_ms, at_ms FROM login_failure WHERE login_sha256 = :login_sha256;

-- failure_put(login_sha256, failures, wait_until_ms, at_ms)
INSERT INTO login_failure (login_sha256, failures, wait_until_ms, at_ms)
VALUES (:login_sha256, :failures, :wait_until_ms, :at_ms)
    ON CONFLICT (login_sha256) DO UPDATE SET failures = excluded.failures,
       wait_until_ms = excluded.wait_until_ms, at_ms = excluded.at_ms;

-- failure_drop(login_sha256)
DELETE FROM login_failure WHERE login_sha256 = :login_sha256;

-- failure_forget(before_ms)
DELETE FROM login_failure WHERE at_ms < :before_ms;
