"""Single changes to the program, each of which a test must notice."""
