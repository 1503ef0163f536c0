"""The log as rows: what all kinds of stores read, append and check in the same way."""
