from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from musicsite.views import home, own_data, theme

admin.autodiscover()
# Staff log in where everybody does: with the second step, and within the same limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("api/", include("musicsite.api.urls")),  # first, since nothing is asked as often
    path("", home.home, name="home"),
    path("theme/", theme.set_theme, name="set_theme"),
    path("account/data/", own_data.your_data, name="your_data"),
    path("account/data/exports/", own_data.exports, name="data_exports"),
    path("account/data/exports/new/", own_data.new_export, name="new_data_export"),
    path("account/data/exports/<int:pk>/", own_data.download, name="data_export"),
    path(
        "account/profiles/<slug:handle>/delete/", own_data.delete_listener, name="delete_listener"
    ),
    path("account/delete/", own_data.delete_account, name="delete_account"),
    path("account/gone/", own_data.account_gone, name="account_gone"),
    path("account/", include("allauth.urls")),
    path("account/", include("accounts.urls")),
    path("", include("catalog.urls")),
    path("", include("listening.urls")),
    path("", include("listening.api.urls")),
    path("", include("recommendations.urls")),
    path("", include("playlists.urls")),
    path("admin/", admin.site.urls),
    path("", include("musicsite.probes")),
    path("", include("musicsite.frame")),
]

handler500 = "musicsite.views.errors.server_error"
