"""What our own export says beside plays and opinions: mutes and corrections, set again, taken back.

Each row says which imports told of it (`told_by`) and goes with the last of them; one that was said
here belongs to none, and stays.
"""

from listening.services.bringing.corrections import record_corrections, take_corrections_back
from listening.services.bringing.mutes import record_mutes, take_mutes_back

__all__ = ["record_corrections", "record_mutes", "take_corrections_back", "take_mutes_back"]
