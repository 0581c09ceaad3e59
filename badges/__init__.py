"""The application: people, assessments, awards, pages, database. Empty, so that importing a model starts no app."""
