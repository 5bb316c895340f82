"""Finding music by name, however it is typed. `manage.py index` and `services.indexing` feed it."""
