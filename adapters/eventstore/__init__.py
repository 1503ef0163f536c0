"""Events as they are stored, whatever database holds them: bytes, hashes, checks, copies."""
