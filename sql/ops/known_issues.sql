-- Grain: issue_id
CREATE OR REPLACE VIEW ops.known_issues AS
SELECT
  issue_id,
  scope,
  what,
  reason,
  treatment,
  relations,
  source_url
FROM seeds.known_issues
ORDER BY issue_id;
COMMENT ON VIEW ops.known_issues IS 'What is missing, doubtful or easily misread in the figures, why, and what is done about it';
COMMENT ON COLUMN ops.known_issues.issue_id IS 'Our id of the doubt';
COMMENT ON COLUMN ops.known_issues.scope IS 'The series and seasons that it is about';
COMMENT ON COLUMN ops.known_issues.what IS 'What is missing, doubtful or easily misread';
COMMENT ON COLUMN ops.known_issues.reason IS 'Why that is so';
COMMENT ON COLUMN ops.known_issues.treatment IS 'What is done about it here';
COMMENT ON COLUMN ops.known_issues.relations IS 'The relations in which it shows';
