"""What the read models of all databases have in common."""
