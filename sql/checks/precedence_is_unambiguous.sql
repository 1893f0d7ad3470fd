-- Severity: fail
-- Of two kinds of source value with the same precedence neither is preferred.
SELECT fact || ' ' || string_agg(reading, ' ' ORDER BY reading) AS row_key, count(*) AS readings
FROM seeds.fact_precedence
GROUP BY fact, precedence
HAVING count(*) > 1
