from django.apps import AppConfig


class PlaylistsConfig(AppConfig):
    name = "playlists"

    def ready(self) -> None:
        from listening.playlist_keeper import keep_playlists_with
        from playlists.services import imported

        keep_playlists_with(imported)
