"""Recovery: whether a store is well, old backups found out, and what follows."""
