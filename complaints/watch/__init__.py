"""Pages about what must be done today: alerts, due times, the hand-over of a shift."""
