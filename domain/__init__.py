"""What is decided and why: the rules and the record, in plain Python."""
