"""Editing pages: several acts that belong together for a person, made of one table of rows."""
