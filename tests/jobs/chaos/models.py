from django.db import models


class Trace(models.Model):
    """One effect of one job. Nothing forbids a second one: that is what is counted."""

    job = models.BigIntegerField()
    step = models.IntegerField()

    def __str__(self):
        return f"{self.job}: {self.step}"
