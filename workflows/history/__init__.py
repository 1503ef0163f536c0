"""The record as it was: as of a moment, in words, with withheld names covered."""
