from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from accounts import services
from accounts.models import Listener, Partner, Token, User
from jobs.choosing import SearchesMenus

POWERS = ["is_staff", "is_superuser", "groups", "user_permissions"]


class NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]
        widgets = {"email": UnfoldAdminEmailInputWidget, "name": UnfoldAdminTextInputWidget}

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"])


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    ordering = ["-date_joined", "-pk"]
    list_display = ["email", "name", "listener_count", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_active", "is_staff", "groups", "country"]
    search_fields = ["email", "name", "listeners__handle"]
    filter_horizontal = ["groups", "user_permissions"]
    # The address changes with its confirmation alone, on the site.
    readonly_fields = ["email", "last_login", "date_joined"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("About", {"fields": ["name", "country", "birth_year", "may_use_background", "language"]}),
        ("May", {"fields": ["is_active", *POWERS]}),
        ("When", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).annotate(profiles=Count("listeners", distinct=True))

    @admin.display(ordering="profiles", description="profiles")
    def listener_count(self, user: Any) -> int:
        return user.profiles

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        if obj is None:
            return []
        powers = [] if _is_superuser(request) else POWERS
        return [*self.readonly_fields, *powers]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Nobody rises by taking over the login of staff: only a superuser changes those."""
    return user is None or not (user.is_staff or user.is_superuser) or _is_superuser(request)


admin.site.unregister([Group, UserSession])


@admin.register(Group)
class GroupAdmin(ModelAdmin):
    search_fields = ["name"]
    filter_horizontal = ["permissions"]

    def has_view_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return _is_superuser(request)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission


@admin.register(UserSession)
class UserSessionAdmin(ModelAdmin):
    """Where somebody is logged in; the one of allauth looks for a user name, and ours have none."""

    list_display = ["user", "created_at", "last_seen_at", "ip", "user_agent"]
    list_select_related = ["user"]
    search_fields = ["user__email", "ip"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UserSession | None = None) -> bool:
        return False


@admin.register(Partner)
class PartnerAdmin(SearchesMenus, ModelAdmin):
    list_display = ["name", "contact_email", "listener_count", "may_train", "suspended_at"]
    list_filter = ["may_train"]
    search_fields = ["name", "contact_email"]
    autocomplete_fields = ["owner"]
    readonly_fields = ["created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        return super().get_queryset(request).annotate(customers=Count("listeners"))

    @admin.display(ordering="customers", description="listeners")
    def listener_count(self, partner: Any) -> int:
        return partner.customers


@admin.register(Listener)
class ListenerAdmin(SearchesMenus, ModelAdmin):
    list_display = ["handle", "name", "user", "partner", "shares_taste", "created_at"]
    list_filter = ["shares_taste", "wants_explicit", ("partner", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "partner"]
    search_fields = ["handle", "name", "user__email", "partner__name", "external_id"]
    autocomplete_fields = ["user", "partner"]
    readonly_fields = ["taste_version", "created_at"]
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Listener, form: Any, change: bool) -> None:
        """Write what was changed and no more: the taste may have moved on meanwhile."""
        if change:
            services.change_listener(listener=obj, fields=form.changed_data)
        else:
            super().save_model(request, obj, form, change)


@admin.register(Token)
class TokenAdmin(ModelAdmin):
    """Keys are looked at and shut here. They are made where their holder can see them, once."""

    list_display = ["name", "prefix", "kind", "holder", "last_used_at", "expires_at", "revoked_at"]
    list_filter = ["kind", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["listener", "partner"]
    search_fields = ["name", "prefix", "listener__handle", "partner__name"]
    exclude = ["hash", "handshake_md5"]
    actions = ["revoke"]

    @admin.display(description="of")
    def holder(self, token: Token) -> str:
        return str(token.listener or token.partner)

    @admin.action(description="Revoke the chosen keys", permissions=["delete"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        shut = services.revoke_tokens(tokens=tokens, at=now())
        messages.success(request, f"Revoked: {shut}.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return False
