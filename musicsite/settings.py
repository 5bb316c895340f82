"""Every setting of the site, read once from the environment; docs/configuration.md explains it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from musicsite.logs import logging_config, report_errors
from musicsite.serve.addresses import redis_url

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()

# The site

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "Set SECRET_KEY (or SECRET_KEY_FILE, the path of a file that holds it). "
            "Only with DEBUG=on does the site start without."
        )
    SECRET_KEY = "for-development-only"  # noqa: S105 -- never reached in production, see above

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ADMINS = [("Operator", address) for address in env.list("ADMIN_EMAILS", default=[])]

ROOT_URLCONF = "musicsite.urls"
WSGI_APPLICATION = "musicsite.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "musicsite.admin_later.AdminLater",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.spotify",
    "allauth.usersessions",
    "django_structlog",
    "django_vite",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "import_export",
    "rest_framework",
    "simple_history",
    "jobs",
    "accounts",
    "catalog",
    "listening",
    "recommendations",
    "playlists",
    "musicsite",
]

MIDDLEWARE = [
    "musicsite.metrics.measure",
    "django.middleware.security.SecurityMiddleware",
    "musicsite.security.admin_policy",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "musicsite.probes.answer_early",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.current_listener",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "musicsite.security.no_nul",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "musicsite.context.site",
                "listening.context.private_session",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data

DATABASES: dict[str, Any] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/segue.sqlite3")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers wait in line instead of failing: a write transaction takes its lock when it begins.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"
        ),
    }
else:
    DATABASES["default"] |= {
        "ENGINE": "musicsite.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=60_000)}"
        " -c lock_timeout=10000"
    )

REDIS_URL = env.str("REDIS_URL", default=redis_url(DATA_DIR))
CACHE_URL = env.str("CACHE_URL", default=REDIS_URL)
CACHES = {
    "default": {
        "BACKEND": "musicsite.cache.ForgivingRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "segue",
        "TIMEOUT": 3600,
        # A Redis that hangs is as good as away.
        "OPTIONS": {
            "serializer": "musicsite.cache.PlainSerializer",
            "socket_timeout": 1,
            "socket_connect_timeout": 0.25,
        },
    }
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())

STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
if bucket := env.str("S3_BUCKET", default=""):
    from botocore.config import Config

    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            # What hangs is given up before gunicorn takes the process that waits for dead.
            "client_config": Config(
                connect_timeout=5,
                read_timeout=12,
                retries={"mode": "standard", "total_max_attempts": 3},
            ),
        },
    }
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
LARGEST_IMPORT = env.int("LARGEST_IMPORT_MB", default=1024) * 2**20

# Audio files: they are played from this folder, or from the storage above.
AUDIO_DIR = Path(env.str("AUDIO_DIR", default=str(DATA_DIR / "audio")))
AUDIO_AUDIENCE = env.str("AUDIO_AUDIENCE", default="users")
if AUDIO_AUDIENCE not in ("everyone", "users", "staff"):
    raise ImproperlyConfigured("AUDIO_AUDIENCE must be everyone, users or staff.")
# Where nginx serves AUDIO_DIR as an internal location, it sends the files itself.
AUDIO_ACCEL = env.str("AUDIO_ACCEL", default="")

# Where a host keeps its verified, read-only copy of each model
MODELS_DIR = DATA_DIR / "models"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static" / "dist", BASE_DIR / "static" / "public"]
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BASE_DIR / "static/dist/manifest.json",
    }
}


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:
    """Vite puts a hash of the content into the name of every file under assets/."""
    return url.startswith("/static/assets/")


# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_SIGNUP_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Only where mail arrives can signing up keep silent about who is here already.
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "EMAIL_VERIFICATION", default="mandatory" if "EMAIL_URL" in env else "optional"
)
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Segue"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"spotify": {"OAUTH_PKCE_ENABLED": True}}
if spotify_client_id := env.str("SPOTIFY_CLIENT_ID", default=""):
    SOCIALACCOUNT_PROVIDERS["spotify"]["APPS"] = [
        {
            "client_id": spotify_client_id,
            "secret": env.str("SPOTIFY_CLIENT_SECRET", default=""),
        }
    ]

# Mail goes to files when no server is named, so that no message is lost on a small machine.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR}/mail")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="Segue <segue@localhost>")

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# The API

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "musicsite.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["musicsite.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "musicsite.api.renderers.PartialRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "musicsite.api.parsers.WholeJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "musicsite.api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_HANDLER_CLASS": "musicsite.api.errors.Handler"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Segue",
    "DESCRIPTION": "Recommends music, and says why.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # All errors have a field `type`: its choices have a name each in the schema.
    "ENUM_NAME_OVERRIDES": {
        name: f"drf_standardized_errors.openapi_serializers.{name}.choices"
        for name in ("ValidationErrorEnum", "ClientErrorEnum", "ServerErrorEnum")
    }
    | {
        "FeedbackKind": "listening.models.FeedbackKind.choices",
        "FindableKind": "catalog.models.Findable.choices",
    },
    # Each operation has its own codes of errors: they are named for it.
    "POSTPROCESSING_HOOKS": ["drf_standardized_errors.openapi_hooks.postprocess_schema_enums"],
}

# Security

HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
# A program that speaks plain http is refused by its key, not sent round with it.
SECURE_REDIRECT_EXEMPT = [
    r"^api/",
    # Players drop what they send when sent elsewhere.
    r"^(1|2\.0|apis|audioscrobbler)(/|$)",
    r"^(submit-listens|validate-token|user|playing-now|delete-listen|feedback|latest-import)(/|$)",
    r"^health/",
    r"^metrics$",
]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # whose limits count: the visitor's address, not the proxy's
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],  # musicsite.security has the admin's own policy
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "https://i.scdn.co"],
        "frame-src": ["https://open.spotify.com"],  # asked only after consent
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
}

# The admin

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Segue",
    "SITE_HEADER": "Segue",
    "SITE_SYMBOL": "graphic_eq",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "/static/favicon.svg"},
    ],
    "SHOW_VIEW_ON_SITE": True,
    "DASHBOARD_CALLBACK": "musicsite.dashboard.numbers",
    "STYLES": ["/static/curation.css"],
    "COLORS": {
        # The look's paper and ink, and its one accent, as steps from light to dark
        "base": {
            "50": "#fcfaf5",
            "100": "#f5f2ea",
            "200": "#eae5d8",
            "300": "#d9d2c3",
            "400": "#a09a8e",
            "500": "#69655e",
            "600": "#494850",
            "700": "#35373f",
            "800": "#282a31",
            "900": "#1d1f24",
            "950": "#16171b",
        },
        "primary": {
            "50": "#fdf4ee",
            "100": "#f8e9da",
            "200": "#f5cdb8",
            "300": "#f8a585",
            "400": "#f0865f",
            "500": "#cf5a34",
            "600": "#ae3514",
            "700": "#8a260b",
            "800": "#6d1f0b",
            "900": "#52190b",
            "950": "#2c0c04",
        },
    },
}

# Processes

WEB_WORKERS = env.int("WEB_WORKERS", default=2)
WEB_THREADS = env.int("WEB_THREADS", default=4)

# Work in the background: what each number is for stands in docs/operations.md

CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://") if REDIS_URL.startswith("unix") else REDIS_URL
)

# What the operator sees

LOGGING = logging_config(
    plain=env.str("LOG_FORMAT", default="plain" if DEBUG else "json") == "plain",
    level=env.str("LOG_LEVEL", default="INFO"),
)
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # debug: the line at the end says it all
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # to know the person would cost two queries a request
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if sentry_dsn := env.str("SENTRY_DSN", default=""):
    report_errors(sentry_dsn, environment=env.str("SENTRY_ENVIRONMENT", default="production"))

# The catalogue

BELIEVE_FIRST = env.list("BELIEVE_FIRST", default=[])

# Recommendations

TRAIN_ON_SPOTIFY_API_DATA = env.bool("TRAIN_ON_SPOTIFY_API_DATA", default=False)
RECOMMEND_FROM_SPOTIFY_API_DATA = env.bool("RECOMMEND_FROM_SPOTIFY_API_DATA", default=True)
REST_DAYS = env.int("REST_DAYS", default=365)
TRAIN_AFTER_FEEDBACK = env.int("TRAIN_AFTER_FEEDBACK", default=500)
