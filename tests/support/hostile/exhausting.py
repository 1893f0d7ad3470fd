"""Statements that only read, and want all time, memory or output there is."""

from __future__ import annotations

FUNCTIONS = [
    "SELECT error('mine')",
    "SELECT pg_sleep(100)",
    "SELECT setseed(0.5), random() FROM range(1_000_000_000)",
    "SELECT uuid() FROM range(1_000_000_000)",
    "SELECT current_query(), current_query_id(), current_connection_id()",
    "SELECT current_setting('temp_directory'), current_setting('memory_limit')",
    "FROM '{file}'",
    "FROM duckdb_settings()",
    "FROM duckdb_databases()",
    "FROM duckdb_memory()",
]

RECURSION = [
    "WITH RECURSIVE a(i) AS (SELECT 1 UNION ALL SELECT i FROM a) SELECT count(*) FROM a",
    "WITH RECURSIVE a(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM a) FROM a",
    "WITH RECURSIVE a(i) AS (SELECT 1 UNION SELECT i + 1 FROM a) SELECT max(i) FROM a",
    "WITH RECURSIVE a(i) AS (SELECT 1 UNION ALL SELECT b.i FROM a AS b, a AS c) SELECT count(*) FROM a",
    "WITH RECURSIVE a(t) AS (SELECT 'x' UNION ALL SELECT t || t FROM a) SELECT max(length(t)) FROM a",
    "WITH RECURSIVE a(l) AS (SELECT [1] UNION ALL SELECT list_concat(l, l) FROM a) SELECT max(len(l)) FROM a",
]

JOINS = [
    "SELECT count(*) FROM range(100_000_000_000) AS a, range(1000) AS b",
    "SELECT * FROM range(1_000_000) AS a, range(1_000_000) AS b",
    "SELECT count(*) FROM range(10_000_000) AS a, range(10_000_000) AS b WHERE hash(a) = hash(b) + 1",
    "SELECT count(*) FROM core.races a, core.races b, core.races c, range(1_000_000_000), range(1_000)",
    "SELECT sum(hash(i)) FROM range(100_000_000_000) AS t(i)",
    "SELECT count(DISTINCT i) FROM range(1_000_000_000) AS t(i)",
    "SELECT i, count(*) FROM range(1_000_000_000) AS t(i) GROUP BY i",
    "SELECT i, row_number() OVER (ORDER BY hash(i)) FROM range(1_000_000_000) AS t(i)",
    "SELECT median(hash(i)) FROM range(1_000_000_000) AS t(i)",
    "SELECT a.i FROM range(100_000_000) a(i) ASOF JOIN range(100_000_000) b(i) ON a.i >= b.i ORDER BY 1 DESC",
    "SELECT * FROM range(30_000) a(i), range(30_000) b(i) ORDER BY hash(a.i + b.i)",
]

LISTS = [
    "SELECT unnest(range(1_000_000_000)) LIMIT 1",
    "SELECT len(range(1_000_000_000))",
    "SELECT len(range(10_000_000_000))",
    "SELECT list_transform(range(50_000_000), x -> x + 1)",
    "SELECT list_sum(list_transform(range(500_000_000), x -> x * x))",
    "SELECT list_sort(range(500_000_000))",
    "SELECT list(i) FROM range(1_000_000_000) AS t(i)",
    "SELECT array_agg(i::VARCHAR) FROM range(1_000_000_000) AS t(i)",
    "SELECT histogram(i) FROM range(1_000_000_000) AS t(i)",
    "SELECT map_from_entries(list((i, i))) FROM range(100_000_000) AS t(i)",
    "SELECT list_resize([1], 2_000_000_000)",
    "SELECT list_reduce(range(100_000_000), (a, b) -> a + b)",
    "SELECT flatten([range(100_000_000), range(100_000_000)])",
    "SELECT [x + y FOR x IN range(100_000_000) FOR y IN range(100)]",
]

STRINGS = [
    "SELECT lpad('x', 2_000_000_000, 'y')",
    "SELECT rpad('x', 2_000_000_000, 'y')",
    "SELECT length(repeat('x', 4_000_000_000))",
    "SELECT repeat('x', 1_000_000_000)",
    "SELECT repeat('x', 9_000_000_000_000_000_000)",
    "SELECT levenshtein(repeat('a', 1_000_000), repeat('b', 1_000_000))",
    "SELECT damerau_levenshtein(repeat('a', 100_000), repeat('b', 100_000))",
    "SELECT jaccard(repeat('ab', 20_000_000), repeat('ba', 20_000_000)) FROM range(1000)",
    "SELECT string_agg(repeat('x', 1000), ',') FROM range(100_000_000)",
    "SELECT string_split(repeat('x,', 20_000_000), ',')",
    "SELECT replace(repeat('x', 20_000_000), 'x', repeat('y', 1000))",
    "SELECT translate(repeat('x', 50_000_000), 'x', 'y') || repeat('z', 500_000_000)",
    "SELECT printf('%2000000000d', 1)",
    "SELECT format('{{:>2000000000}}', 'x')",
    "SELECT bar(1, 0, 2, 2_000_000_000)",
    "SELECT to_base(1, 2, 2_000_000_000)",
    "SELECT base64(repeat('x', 500_000_000)::BLOB)",
    "SELECT sha256(repeat('x', 500_000_000)) FROM range(1000)",
    "SELECT json_extract(repeat('[', 10_000_000), '$')",
    "SELECT json_valid(repeat('[', 50_000_000))",
]

PATTERNS = [
    "SELECT regexp_matches(repeat('a', 100_000), '(a+)+b') FROM range(1_000_000)",
    "SELECT regexp_replace(repeat('a', 1_000_000), '(a|aa)+$', 'b', 'g') FROM range(1_000_000)",
    "SELECT regexp_extract_all(repeat('ab', 10_000_000), '(a)(b)?')",
    "SELECT regexp_matches('a', repeat('(a?)', 500) || repeat('a', 500))",
    "SELECT regexp_matches('a', 'a{{1000}}{{1000}}')",
    "SELECT regexp_split_to_array(repeat('ab', 30_000_000), 'b')",
    "SELECT repeat('a', 100_000) LIKE repeat('%a', 10_000) || 'b' FROM range(1_000_000)",
    "SELECT repeat('a', 100_000) SIMILAR TO '(a*)*b' FROM range(1_000_000)",
    "SELECT repeat('a', 100_000) GLOB repeat('*a', 10_000) || 'b' FROM range(1_000_000)",
]

SPILLS = [
    "FROM range(1_000_000_000) AS t(i) ORDER BY hash(i)",
    "SELECT hash(i)::VARCHAR AS h FROM range(100_000_000) AS t(i) ORDER BY h",
    "SELECT i::VARCHAR, list(i) FROM range(100_000_000) AS t(i) GROUP BY ALL",
    "SELECT DISTINCT hash(i)::VARCHAR FROM range(100_000_000) AS t(i)",
    "WITH a AS MATERIALIZED (SELECT hash(i) AS h FROM range(100_000_000) AS t(i)) SELECT max(a.h) FROM a, a AS b",
    "SELECT sum(i) OVER (PARTITION BY hash(i) % 1000 ORDER BY hash(i)) FROM range(50_000_000) AS t(i)",
    "PIVOT (SELECT i % 2_000_000 AS c, i FROM range(10_000_000) AS t(i)) ON c USING sum(i)",
]

ANSWERS = [
    "FROM range(1_000_000_000)",
    "SELECT i, hash(i)::VARCHAR, repeat('x', 100) FROM range(1_000_000_000) AS t(i)",
    "SELECT repeat('x', 1_000_000) FROM range(1_000_000)",
    "SELECT range(100_000) FROM range(100_000)",
    "FROM core.races, range(1_000_000_000)",
    "FROM generate_series(1, 1_000_000_000)",
    "FROM repeat('x', 1_000_000_000)",
    "FROM repeat_row('x', 1, num_rows := 1_000_000_000)",
    "SELECT unnest(range(10_000_000)), unnest(range(10_000_000))",
    "FROM test_all_types(), range(1_000_000)",
    "SUMMARIZE FROM range(1_000_000_000)",
]

HUGE = [
    "SELECT " + "+".join(["1"] * 200_000),
    "SELECT " + ",".join(["1"] * 100_000),
    "SELECT " + "(" * 50_000 + "1" + ")" * 50_000,
    "SELECT " + "-" * 1 + " ".join(["-"] * 50_000) + "1",
    "SELECT " + "NOT " * 50_000 + "true",
    "SELECT " + "[" * 20_000 + "]" * 20_000,
    "SELECT CASE " + "WHEN 1 = 2 THEN 3 " * 50_000 + "END",
    "SELECT 1 " + "UNION ALL SELECT 1 " * 20_000,
    "SELECT * FROM " + ", ".join(["core.races"] * 200),
    "SELECT * FROM core.races " + "JOIN core.races USING (race_id) " * 50,
    "SELECT 1 IN (" + ",".join(map(str, range(200_000))) + ")",
    "WITH " + ", ".join(f"c{i} AS (SELECT 1)" for i in range(5_000)) + " SELECT 1",
    "WITH c0 AS (SELECT 1 AS a), "
    + ", ".join(f"c{i} AS (FROM c{i - 1} UNION ALL FROM c{i - 1})" for i in range(1, 40))
    + " SELECT count(*) FROM c39",
    "SELECT 1 -- " + "x" * 5_000_000,
    "SELECT '" + "x" * 5_000_000 + "'",
    "/*" * 100_000 + "*/" * 100_000 + "SELECT 1",
    "EXPLAIN " + "/**/ " * 100_000 + "COPY (SELECT 1) TO '{file}'",
    "EXPLAIN " + "--\n" * 100_000 + "SELECT 1",
    "x" * 1_000_000,
    '"' * 1_000_001,
    "SELECT '" * 100_001,
]

NESTED = [
    "SELECT * FROM " + "(SELECT * FROM " * 3_000 + "core.races" + ")" * 3_000,
    "SELECT " + "(SELECT " * 2_000 + "1" + ")" * 2_000,
    "SELECT " + "abs(" * 5_000 + "1" + ")" * 5_000,
    "SELECT " + "{{'a':" * 1_000 + "1" + "}}" * 1_000,
    "SELECT " + "CASE WHEN true THEN " * 5_000 + "1 " + "END " * 5_000,
    "SELECT " + "'a' || " * 30_000 + "'b'",
    "SELECT " + "a." * 10_000 + "b",
    "SELECT json_structure(repeat('{{\"a\":', 100_000) || '1' || repeat('}}', 100_000))",
    "SELECT json_pretty(repeat('[', 1_000_000) || repeat(']', 1_000_000))",
    "SELECT (repeat('[', 100_000) || repeat(']', 100_000))::JSON",
    "SELECT regexp_matches('x', repeat('(', 100_000) || repeat(')', 100_000))",
    "SELECT list_transform(range(10_000), x -> list_transform(range(10_000), y -> x * y))",
]

COMPUTED = [
    "SELECT sleep_ms(100_000)",
    "WITH RECURSIVE a(i) USING KEY (i) AS (SELECT 1 UNION SELECT i + 1 FROM a) FROM a",
    "SELECT regexp_matches('x', repeat('x?', 100_000))",
    "SELECT editdist3(repeat('a', 1_000_000), repeat('b', 1_000_000))",
    "SELECT max(i, 999_999) FROM range(10_000_000) t(i)",
    "SELECT list(i) OVER (ORDER BY i) FROM range(100_000) t(i)",
    "SELECT mode(i) OVER (ORDER BY i ROWS 1_000_000 PRECEDING) FROM range(1_000_000) t(i)",
    "SELECT bitstring('1', 2_000_000_000)",
    "SELECT equi_width_bins(0, 1e18::BIGINT, 2_000_000_000, false)",
    "SELECT generate_series(TIMESTAMP '0001-01-01', TIMESTAMP '9999-12-31', INTERVAL 1 SECOND)",
    "SELECT * FROM core.races WHERE " + " OR ".join(f"race_id = '{i}'" for i in range(20_000)),
    "SELECT count(*) FROM core.races GROUP BY CUBE (" + ", ".join(f"season + {i}" for i in range(20)) + ")",
    "PIVOT (SELECT i, i % 100_000 AS c FROM range(100_000) t(i)) ON c USING count(*)",
    "PIVOT range(1_000_000_000) ON range USING count(*)",
    "SELECT " + ", ".join(f"repeat('x', 1_000) AS c{i}" for i in range(5_000)),
    "SELECT 1" + ";" * 100_000,
]
