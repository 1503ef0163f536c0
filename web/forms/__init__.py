"""Acting on pages: forms, the check page that says what an act will do, and its execution."""
