"""Counts for Prometheus. Several web processes add up through PROMETHEUS_MULTIPROC_DIR."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from jobs.models import Job, Queue, State

REQUESTS = Counter("segue_requests", "Requests answered", ["view", "method", "status"])
SECONDS = Histogram(
    "segue_request_seconds",
    "Time to answer a request",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")

GetResponse = Callable[[HttpRequest], HttpResponse]


def measure(get_response: GetResponse) -> GetResponse:
    """Middleware: count every answer and its time under the name of its view."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        view = view_name(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, f"{response.status_code // 100}xx").inc()
        SECONDS.labels(view).observe(time.perf_counter() - started)
        return response

    return middleware


def view_name(request: HttpRequest) -> str:
    """Never the path: there is no end of paths, and they may hold what is nobody's business."""
    match = request.resolver_match
    return (match.view_name or match._func_path) if match else "none"


class JobsCollector(Collector):
    """Asked of the database at each scrape: the rows are the truth, whichever process answers."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield self._by_state()
        yield self._oldest_waiting()

    def _by_state(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("segue_jobs", "Jobs by state", labels=["queue", "state"])
        counts = Job.objects.values("queue", "state").annotate(count=Count("pk"))
        found = {(row["queue"], row["state"]): row["count"] for row in counts.order_by()}
        for queue in Queue.values:
            for state in State.values:
                family.add_metric([queue, state], found.get((queue, state), 0))
        return family

    def _oldest_waiting(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "segue_queue_age_seconds", "How long the oldest due job has waited", labels=["queue"]
        )
        now = timezone.now()
        waiting = Job.objects.waiting(at=now).values("queue").annotate(oldest=Min("due"))
        found = {row["queue"]: (now - row["oldest"]).total_seconds() for row in waiting.order_by()}
        for queue in Queue.values:
            family.add_metric([queue], found.get(queue, 0.0))
        return family


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_scrape(request):
        return HttpResponseForbidden("Not for you.", content_type="text/plain")
    return HttpResponse(_text(), content_type=CONTENT_TYPE_LATEST)


def may_scrape(request: HttpRequest) -> bool:
    """With METRICS_TOKEN set, whoever shows it; without, only this machine itself."""
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode())
    # A proxy on this machine speaks for people elsewhere, and mostly says so.
    if any(name in request.META for name in FORWARDED):
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _text() -> bytes:
    own = CollectorRegistry()
    own.register(JobsCollector())
    return generate_latest(_process_registry()) + generate_latest(own)


def _process_registry() -> CollectorRegistry:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
