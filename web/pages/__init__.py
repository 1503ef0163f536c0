"""Pages: what each shows, read from the record."""
