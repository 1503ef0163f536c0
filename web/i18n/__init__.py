"""Words, dates and texts in six languages."""
