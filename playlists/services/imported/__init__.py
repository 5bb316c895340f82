"""What imports tell of playlists: it is taken in, and taken back whole.

`listening` reads exports, does not know this package, and calls these three by
`listening.playlist_keeper`.
"""

from playlists.services.imported.taking_back import stayed, take_back
from playlists.services.imported.taking_in import take_in

__all__ = ["stayed", "take_back", "take_in"]
