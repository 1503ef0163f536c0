"""Files of people and of the store: read with their lines, written whole, locked."""
