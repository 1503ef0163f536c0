"""What the inner code needs from outside: protocols that adapters implement."""
