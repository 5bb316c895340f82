"""From stored plays to arrays that can be counted."""
