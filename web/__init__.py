"""The pages, the JSON interface and the command line."""
