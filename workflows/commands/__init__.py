"""Commands: decided, queued, and recorded together or not at all."""
