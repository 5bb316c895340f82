"""A person's own data: given to them whole, and deleted whole."""
