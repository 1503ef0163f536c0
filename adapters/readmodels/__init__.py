"""Kept rows of the projections: what all kinds of stores read and keep in the same way."""
