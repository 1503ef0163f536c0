"""The act catalogue: each act once, as data; forms, options and docs are derived from it."""
