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
COMMENT ON VIEW ops.known_issues IS 'Known issues of the figures: what is missing, doubtful or easily misread, why, and how it is treated';
COMMENT ON COLUMN ops.known_issues.issue_id IS 'The id of the issue';
COMMENT ON COLUMN ops.known_issues.scope IS 'The series and seasons';
COMMENT ON COLUMN ops.known_issues.what IS 'What is missing, doubtful or easily misread';
COMMENT ON COLUMN ops.known_issues.reason IS 'The reason';
COMMENT ON COLUMN ops.known_issues.treatment IS 'How the warehouse treats it';
COMMENT ON COLUMN ops.known_issues.relations IS 'The relations that it affects';
