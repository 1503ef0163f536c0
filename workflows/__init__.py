"""What the organisation does, step by step, over the domain."""
