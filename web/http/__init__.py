"""HTTP: who asks, what stands in an address, and who is let in when."""
