from django.db import migrations, models


def key():
    return models.BigIntegerField(
        blank=True, help_text="The number of the key that a player showed.", null=True
    )


class Migration(migrations.Migration):
    """Columns without a default and a check: added at once, however large the tables."""

    dependencies = [
        ("listening", "0006_asking"),
    ]

    operations = [
        migrations.AddField(model_name="play", name="key", field=key()),
        migrations.AddField(model_name="sighting", name="key", field=key()),
    ]
