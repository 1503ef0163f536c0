"""A store in a folder: the log, the read models, the outbox and the intake in SQLite."""
