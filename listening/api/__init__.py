"""The doors that programs come through."""
