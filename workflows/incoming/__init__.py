"""Answers by mail: taken, matched, and shown to people."""
