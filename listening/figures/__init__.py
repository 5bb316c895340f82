"""What the pictures of listening show: their sentences, tables and shapes."""
