from __future__ import annotations

from accounts import services
from accounts.sealing import BrokenSeal
from jobs.registry import job
from jobs.services import Run


@job("accounts.send_mail", refusals=(BrokenSeal,))
def send_mail(run: Run, sealed: str) -> None:
    services.deliver_mail(sealed=sealed)
