"""Putting a world into the database, in small transactions that let others write between them."""
