"""What all endpoints share; it reaches the apps through DRF's settings."""
