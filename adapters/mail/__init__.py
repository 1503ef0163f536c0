"""Letters on their way out: headers, and the ways in which they leave."""
