"""Processes that run beside people: the silence clock, the intake, supervised loops."""
