"""The measures: what Placet takes for its work, beside the least that the same work can take."""
