"""The settings of the tests: the site's own, but quick, and strict about needless queries."""

from __future__ import annotations

import os

os.environ.setdefault("SECRET_KEY", "for-tests-only")
os.environ.setdefault("HTTPS", "off")
os.environ.setdefault("EMAIL_URL", "memorymail://")

from musicsite.settings import *  # noqa: F403 -- read after the environment is laid out
from musicsite.settings import DATA_DIR, DATABASES, INSTALLED_APPS, MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and only here

# Every request of every test is watched for queries that repeat row by row.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
# allauth gets the one address of a login several times over.
# A bulk of opinions is given one by one: each knows what it replaces.
ZEAL_ALLOWLIST = [
    {"model": "account.EmailAddress", "field": "get()"},
    {"model": "listening.Feedback", "field": "get()"},
]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in the real site: threads then wait for each other as they do there.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}

# The built front end is served from where it was built; nothing has been gathered.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
