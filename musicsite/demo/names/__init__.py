"""Invented names: persons, bands and titles in many languages, put together from word lists."""
