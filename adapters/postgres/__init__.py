"""The log, its views and its watch on PostgreSQL, for several processes on several machines."""
