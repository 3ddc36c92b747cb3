"""Stock: how many units of a variant there are, and for whom some are kept."""
