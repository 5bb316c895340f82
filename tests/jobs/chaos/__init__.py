"""A little app whose jobs leave traces that can be counted, for workers that get killed."""

STEPS = 20  # of one long job
