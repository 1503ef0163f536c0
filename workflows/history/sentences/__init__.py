"""One sentence for each kind of event, by the noun that it is about."""
