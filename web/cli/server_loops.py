"""What a server does by itself: the silence clock, following the log, letters, answers by mail."""

from __future__ import annotations

from typing import Final

from domain.ports.errors import CaseError
from web.cli.context import environment
from web.cli.output import print_note
from workflows.application import Application
from workflows.processes.supervisor import EXPECTED_ERRORS, Loop
from workflows.processes.takeover import Takeover

TICK_SECONDS: Final = 1.0
POST_SECONDS: Final = 3.0
MAIL_SECONDS: Final = 1.0
FOLLOWER: Final = "The follower"


def loops(placet: Application, takeover: Takeover) -> list[Loop]:
    """All of them; on a standby they rest, until the standby takes over."""

    def tick() -> None:
        placet.processes.record_heartbeat()
        placet.processes.clock.tick()

    read_mail = placet.processes.mail.look_when_due

    def post() -> bool:
        return bool(placet.notifications.send().sent)

    def send_links() -> bool:
        return bool(placet.accounts.link_delivery.run_round())

    tasks = (
        ("The silence clock", takeover.duty(tick), TICK_SECONDS),
        (FOLLOWER, takeover.duty(placet.processes.follower.run_once), TICK_SECONDS),
        ("The notice service", takeover.duty(post), POST_SECONDS),
        ("The mail of accounts", takeover.duty(send_links), POST_SECONDS),
        ("The reader of mailboxes", takeover.duty(read_mail), MAIL_SECONDS),
    )
    alarm = environment().log
    return [
        Loop(
            name,
            act,
            every=every,
            say=print_note,
            alarm=alarm,
            expected=(*EXPECTED_ERRORS, CaseError),
        )
        for name, act, every in tasks
    ]
