from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from musicsite.views import home, theme

# Staff log in where everybody does: with the second step, and within the same limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home.home, name="home"),
    path("theme/", theme.set_theme, name="set_theme"),
    path("account/", include("allauth.urls")),
    path("account/", include("accounts.urls")),
    path("", include("catalog.urls")),
    path("", include("listening.urls")),
    path("", include("listening.api.urls")),
    path("", include("recommendations.urls")),
    path("api/", include("musicsite.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("musicsite.probes")),
    path("", include("musicsite.frame")),
]

handler500 = "musicsite.views.errors.server_error"
