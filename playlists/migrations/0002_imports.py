import django.db.models.deletion
from django.db import migrations, models

import playlists.models


def give_keys(apps, schema_editor):
    """Each playlist that is here has been made here."""
    Playlist = apps.get_model("playlists", "Playlist")
    for playlist in Playlist.objects.filter(key="").only("pk").iterator():
        Playlist.objects.filter(pk=playlist.pk).update(key=playlists.models.own_key())


class Migration(migrations.Migration):

    dependencies = [
        ("listening", "0004_imports"),
        ("playlists", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="playlist",
            name="is_own",
            field=models.BooleanField(
                default=True,
                help_text="Made or changed by the listener, not only brought by imports.",
            ),
        ),
        migrations.AddField(
            model_name="playlist",
            name="key",
            field=models.CharField(default="", max_length=250),
            preserve_default=False,
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="playlist",
            name="key",
            field=models.CharField(
                default=playlists.models.own_key,
                help_text="Tells it apart from the listener's others, also in exports.",
                max_length=250,
            ),
        ),
        migrations.AddField(
            model_name="playlistentry",
            name="is_own",
            field=models.BooleanField(
                default=True,
                help_text="In it by the listener's will, not only because imports told of it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="playlist",
            constraint=models.UniqueConstraint(
                fields=("listener", "key"), name="playlist_unique_key"
            ),
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was_own", models.BooleanField(help_text="It was the listener's own before.")),
                (
                    "is_kept",
                    models.BooleanField(
                        default=False,
                        help_text=(
                            "The import was undone, and the playlist stayed: "
                            "the listener had changed it."
                        ),
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tellings",
                        to="playlists.playlistentry",
                    ),
                ),
                (
                    "playlist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tellings",
                        to="playlists.playlist",
                    ),
                ),
                (
                    "source_import",
                    models.ForeignKey(
                        db_column="import_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tellings",
                        to="listening.import",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("entry__isnull", True)),
                fields=("source_import", "playlist"),
                name="telling_unique_of_playlist",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.UniqueConstraint(
                fields=("source_import", "entry"), name="telling_unique_of_entry"
            ),
        ),
    ]
