"""Django's PostgreSQL, with a health check that asks nobody."""
