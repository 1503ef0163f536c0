"""Which modules are changed, and the tests that should notice."""

from __future__ import annotations

from typing import Final

_SILENCE: Final = (
    "tests/domain/test_silence.py",
    "tests/domain/test_rule_boundaries.py",
    "tests/domain/test_objection_tally.py",
    "tests/domain/test_holds.py",
    "tests/domain/test_deadline_margin.py",
    "tests/domain/test_opening.py",
    "tests/domain/test_history_and_live_acts.py",
    "tests/domain/test_delivery_outage_and_evidence.py",
    "tests/web/test_forms.py",
    "tests/domain/test_properties.py",
    "tests/workflows/test_scenarios.py",
    "tests/domain/test_decision_context.py",
    "tests/domain/test_cautions.py",
    "tests/domain/test_phase.py",
    "tests/domain/test_messages.py",
    "tests/faults/test_simulation.py",
)
_AGENDA: Final = (
    "tests/domain/test_agenda.py",
    "tests/web/test_forms.py",
    "tests/domain/test_documents.py",
    "tests/workflows/test_scenarios.py",
    "tests/domain/test_corrections.py",
    "tests/domain/test_decision_context.py",
    "tests/domain/test_phase.py",
    "tests/domain/test_messages.py",
)
_STORES: Final = (
    "tests/adapters/test_recorder.py",
    "tests/adapters/test_event_store.py",
    "tests/faults/test_store_faults.py",
    "tests/adapters/test_postgres_store.py",
    "tests/faults/test_postgres_faults.py",
    "tests/faults/test_lost_commits.py",
    "tests/adapters/test_store_transfer.py",
)
_SEALED: Final = (
    "tests/domain/test_erasures.py",
    "tests/workflows/test_erasure.py",
    "tests/adapters/test_event_format.py",
    "tests/web/test_erasure_form.py",
)
_CHECKS: Final = ("tests/adapters/test_integrity.py", "tests/faults/test_store_faults.py")
_QUEUE: Final = ("tests/workflows/test_command_queue.py", "tests/workflows/test_command_handler.py")
_CLOCK: Final = (
    "tests/domain/test_rule_boundaries.py",
    "tests/domain/test_holds.py",
    "tests/workflows/test_command_ids.py",
    "tests/workflows/test_parking.py",
    "tests/domain/test_silence.py",
    "tests/domain/test_deadline_margin.py",
    "tests/faults/test_race.py",
)
_IDENTITY: Final = (
    "tests/adapters/test_openid_client.py",
    "tests/adapters/test_issuer_settings.py",
)
_TIMES: Final = ("tests/domain/test_times.py", "tests/domain/test_deadlines.py", *_SILENCE)

TABLE: Final[dict[str, tuple[str, ...]]] = {
    "domain/silence/*.py": _SILENCE,
    "domain/agenda/*.py": _AGENDA,
    "domain/access/*.py": (
        "tests/domain/test_organisation.py",
        "tests/domain/test_permissions.py",
        "tests/docs/test_access.py",
    ),
    "workflows/accounts/*.py": ("tests/workflows/test_accounts.py",),
    "web/http/authentication.py": ("tests/web/test_log_in.py",),
    "web/http/account_urls.py": ("tests/web/test_log_in.py",),
    "domain/deadlines.py": (
        "tests/domain/test_deadlines.py",
        "tests/domain/test_times.py",
        *_SILENCE,
    ),
    "domain/times.py": _TIMES,
    "domain/time_zones.py": _TIMES,
    "domain/instants.py": _TIMES,
    "domain/calendars.py": (
        "tests/web/test_calendar_command.py",
        "tests/domain/test_deadlines.py",
        *_SILENCE,
    ),
    "domain/rules.py": ("tests/domain/test_rules.py", *_SILENCE),
    "domain/history_and_live_acts.py": ("tests/domain/test_history_and_live_acts.py", *_SILENCE),
    "domain/folding.py": ("tests/domain/test_decision_context.py", *_QUEUE),
    "domain/lent_states.py": ("tests/workflows/test_lent_states.py", *_QUEUE),
    "domain/state_cache.py": ("tests/workflows/test_lent_states.py", *_QUEUE),
    "workflows/commands/queue.py": (
        *_QUEUE,
        "tests/workflows/test_lent_states.py",
        "tests/workflows/test_parking.py",
        "tests/docs/test_figures.py",
    ),
    "workflows/processes/silence_clock.py": (
        *_CLOCK,
        "tests/workflows/test_response_intake.py",
        "tests/workflows/test_command_queue.py",
    ),
    "workflows/commands/handler.py": (
        *_QUEUE,
        *_CLOCK,
        "tests/domain/test_response_outcomes.py",
        "tests/workflows/test_response_intake.py",
    ),
    "workflows/commands/order_checks.py": (
        *_QUEUE,
        *_CLOCK,
        "tests/domain/test_response_outcomes.py",
        "tests/workflows/test_response_intake.py",
    ),
    "workflows/commands/event_builder.py": (*_QUEUE, "tests/domain/test_decision_context.py"),
    "adapters/sqlite/append.py": (*_STORES, *_QUEUE),
    "adapters/eventstore/append.py": (*_STORES, *_QUEUE),
    "adapters/eventstore/recorder.py": (*_STORES, *_QUEUE),
    "adapters/eventstore/statements.py": (*_STORES, *_QUEUE),
    "adapters/eventstore/store.py": _STORES,
    "adapters/eventstore/columns.py": (*_STORES, *_QUEUE),
    "adapters/eventstore/subscription.py": _STORES,
    "adapters/sqlite/recorder.py": (*_STORES, *_QUEUE),
    "adapters/eventstore/event_store.py": (*_STORES, *_QUEUE),
    "adapters/eventstore/encoding.py": (*_STORES, *_QUEUE),
    "adapters/eventstore/decoding.py": _STORES,
    "adapters/eventstore/sealing.py": _SEALED,
    "adapters/eventstore/erasure.py": _SEALED,
    "adapters/eventstore/text_keys.py": _SEALED,
    "adapters/sqlite/text_keys.py": _SEALED,
    "adapters/postgres/text_keys.py": _SEALED,
    "domain/erasures.py": _SEALED,
    "domain/erasure_decisions.py": _SEALED,
    "domain/sealed_texts.py": _SEALED,
    "adapters/sqlite/backup.py": ("tests/workflows/test_backup.py",),
    "adapters/operational_transfer.py": ("tests/workflows/test_backup.py",),
    "domain/two_persons.py": ("tests/domain/test_silence.py", "tests/web/test_two_persons.py"),
    "adapters/eventstore/integrity.py": _CHECKS,
    "adapters/eventstore/event_invariants.py": _CHECKS,
    "adapters/eventstore/content_references.py": _CHECKS,
    "adapters/eventstore/schema_differences.py": _CHECKS,
    "adapters/sqlite/connections.py": (*_STORES, *_QUEUE, "tests/faults/test_power_loss.py"),
    "adapters/postgres/append.py": (*_STORES, *_QUEUE),
    "adapters/postgres/recorder.py": (*_STORES, *_QUEUE),
    "adapters/postgres/connections.py": (*_STORES, "tests/faults/test_postgres_stops.py"),
    "adapters/postgres/pool.py": (*_STORES, "tests/faults/test_postgres_stops.py"),
    "adapters/postgres/outbox_place.py": (
        "tests/adapters/test_postgres_home.py",
        "tests/faults/test_hosts_apart.py",
    ),
    "adapters/postgres/host_home.py": ("tests/adapters/test_postgres_home.py",),
    "adapters/mail/outbox*.py": (
        "tests/workflows/test_outbox.py",
        "tests/workflows/test_notice_repetition.py",
        "tests/workflows/test_notification_staleness.py",
    ),
    "adapters/postgres/schema.py": (*_STORES, "tests/faults/test_postgres_stops.py"),
    "adapters/identity/*.py": _IDENTITY,
}
"""By pattern of modules, the files of tests; where several patterns fit, the tests of all."""
