"""Projections: rows kept up to the end of the log, each event once."""
