"""The whole site on one machine: web, workers, beat and a Redis, looked after by one process."""
