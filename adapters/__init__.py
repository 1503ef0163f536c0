"""Where the record, the clock and the files really are."""
