from __future__ import annotations


class Refused(Exception):
    """What a curator asked for cannot be done; the message says why, in their words."""
