"""Answers that come by mail: taken, matched, and put before people."""
