"""People: who logs in, whose taste it is, and the keys that programs bring."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.countries import COUNTRIES


class EmailUserManager(UserManager["User"]):
    """Users are known by their e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the address in small letters, as logging in looks for it."""
        return (email or "").strip().lower()

    def create_user(  # type: ignore[override]  # there is no username
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A login. What it hears and thinks hangs on its listeners."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, choices=COUNTRIES)
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    may_use_background = models.BooleanField(
        _("use my country and age for a first list"),
        default=False,
        help_text=_("Only while you have few plays. Nobody sees them."),
    )
    language = models.CharField(_("language"), max_length=10, default="en")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[EmailUserManager] = EmailUserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_unique_email"),
            models.CheckConstraint(
                condition=models.Q(birth_year__isnull=True)
                | models.Q(birth_year__range=(1900, 2100)),
                name="user_birth_year_plausible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} (#{self.pk})"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]


class Partner(models.Model):
    """A shop, a radio or a player that brings its own customers as listeners."""

    name = models.CharField(max_length=120, unique=True)
    contact_email = models.EmailField()
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="partners")
    may_train = models.BooleanField(
        "may teach the shared model",
        default=False,
        help_text="Said in the partner's contract.",
    )
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"


class ListenerQuerySet(models.QuerySet["Listener"]):
    def owned_by(self, user: Any) -> ListenerQuerySet:
        return self.filter(user_id=user.pk) if user.pk else self.none()

    def of_partner(self, partner: Partner) -> ListenerQuerySet:
        return self.filter(partner=partner)

    def teaching(self) -> ListenerQuerySet:
        """Keep those whose plays may teach the shared model."""
        return self.filter(shares_taste=True).filter(
            models.Q(partner__isnull=True) | models.Q(partner__may_train=True)
        )


class Listener(models.Model):
    """A taste profile. On screen it is called a profile."""

    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="listeners")
    partner = models.ForeignKey(
        Partner, models.CASCADE, null=True, blank=True, related_name="listeners"
    )
    external_id = models.CharField(
        max_length=200,
        blank=True,
        help_text="The partner's own name for this customer.",
    )
    handle = models.CharField(
        _("handle"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9_-]{1,39}\Z",
                _("Small letters, digits, - and _, at least two."),
            )
        ],
        help_text=_("What scrobblers and other listeners see instead of your e-mail."),
    )
    name = models.CharField(_("name"), max_length=60, default="Main")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    wants_explicit = models.BooleanField(
        _("explicit tracks"),
        default=True,
        help_text=_("Show tracks marked as explicit."),
    )
    shares_taste = models.BooleanField(
        _("teach the shared model"),
        null=True,
        help_text=_("May your plays help others find music? Your own lists work either way."),
    )
    taste_version = models.PositiveBigIntegerField(
        default=0,
        help_text="Moves on with each play, opinion or mute; keys what is cached.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ListenerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, partner__isnull=True)
                | models.Q(user__isnull=True, partner__isnull=False),
                name="listener_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["partner", "external_id"],
                condition=models.Q(partner__isnull=False),
                name="listener_unique_for_partner",
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=models.Q(user__isnull=False),
                name="listener_unique_name_for_user",
                violation_error_message=_("You have a profile of that name already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handle} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("profile", args=[self.handle])

    @property
    def zone(self) -> ZoneInfo:
        """The time zone; UTC where the name has gone out of use."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")


class Scope(models.TextChoices):
    """What a key may do. A view of the API names the one that it asks for."""

    LISTENS = "listens", _("send and delete plays")
    FEEDBACK = "feedback", _("like, rate and hide")
    READ = "read", _("read plays, opinions and lists")


class TokenQuerySet(models.QuerySet["Token"]):
    def owned_by(self, user: User) -> TokenQuerySet:
        return self.filter(listener__user=user)

    def usable(self, at: datetime | models.Value) -> TokenQuerySet:
        return self.filter(revoked_at__isnull=True).filter(
            models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=at)
        )

    def matching(self, secret: str) -> TokenQuerySet:
        return self.filter(hash=Token.hash_of(secret))


class Token(models.Model):
    """A key that a program shows: a scrobbler's, a user's own, a partner's. Stored hashed."""

    class Kind(models.TextChoices):
        APP = "app", _("app")
        PERSONAL = "personal", _("personal")
        PARTNER = "partner", _("partner")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, help_text="The start of the key, to tell it by.")
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list, blank=True)
    listener = models.ForeignKey(
        Listener, models.CASCADE, null=True, blank=True, related_name="tokens"
    )
    partner = models.ForeignKey(
        Partner, models.CASCADE, null=True, blank=True, related_name="tokens"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    handshake_md5 = models.CharField(
        max_length=32,
        blank=True,
        help_text="Only where players of the AudioScrobbler age may use it: what proves the key.",
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(listener__isnull=False, partner__isnull=True)
                | models.Q(listener__isnull=True, partner__isnull=False),
                name="token_has_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}… (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("key", args=[self.pk])

    @property
    def may(self) -> list[str]:
        """What it may do, in words."""
        return [str(Scope(scope).label) for scope in self.scopes if scope in Scope.values]

    @staticmethod
    def new_secret() -> str:
        """Return 43 characters that no one can guess; the hash needs no salt for that."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def hash_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @staticmethod
    def md5_of(secret: str) -> str:
        """The protocol's own choice; a secret of 43 random characters survives even that."""
        return hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest()
