"""Forms and lists in progress: what somebody has written so far, kept until it is confirmed.

Both the form of an act and an editing page keep their drafts here. A draft is a convenience: where
none can be kept, a form is answered at once, as it always could be. No act waits for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from fastapi.responses import RedirectResponse, Response
from msgspec import structs

from domain.ports.drafts import Draft, DraftStore, TooManyDrafts
from domain.ports.errors import TooLarge, Unavailable
from web.forms.form_ids import is_form_id
from web.http import urls
from web.http.context import RequestContext
from web.i18n.labels import N_

CONTROLS: Final = frozenset({"draft", "confirmed", "change", "save", "in_language"})
"""What a form sends beside its fields: buttons, and where its draft is."""
TOO_MANY: Final = N_("You have saved too many forms already. Please delete some of them first.")
TOO_LONG_TO_SAVE: Final = N_("This is too long to be saved. Please shorten your texts.")
CANNOT_SAVE: Final = N_("It cannot be saved now. Please try again in a moment.")
OF_ANOTHER: Final = N_("This form was begun by somebody else, or is recorded already.")
EDITING: Final = "/edit/"
"""What the paths of editing pages hold."""


class DraftPlace(Protocol):
    """Where something in progress stands, and whose it is."""

    @property
    def reader(self) -> RequestContext: ...
    @property
    def organisation(self) -> str: ...
    @property
    def owner(self) -> str:
        """The principal who is logged in; empty where nobody is."""

    @property
    def draft(self) -> str:
        """The id of what is in progress, as the address or the form has it."""

    @property
    def path(self) -> str: ...
    @property
    def page(self) -> str:
        """The path of the page of the noun."""

    @property
    def title(self) -> str:
        """The title, as a message id."""


@dataclass(frozen=True)
class FormDrafts:
    """The drafts of forms and editing pages; people see only their own."""

    store: DraftStore
    now: Callable[[], datetime]

    def get(self, place: DraftPlace) -> Draft | None:
        """The draft at this place, if there is one; None also where none can be read now."""
        if not is_form_id(place.draft):
            return None
        with suppress(Unavailable):
            found = self.store.get(place.draft, place.owner, self.now())
            return found if found and found.form == place.path else None
        return None

    def keep(
        self,
        place: DraftPlace,
        values: Mapping[str, Sequence[str]],
        faults: Mapping[str, str],
        *,
        saved: bool = False,
    ) -> str:
        """Keep what stands in the fields; why that cannot be, as a message id, else empty."""
        before = self.get(place)
        draft = structs.replace(
            self.begun(place),
            values={n: tuple(given) for n, given in values.items() if n not in CONTROLS},
            faults=faults,
            saved=saved or bool(before and before.saved),
        )
        try:
            return "" if self.store.put(draft) else OF_ANOTHER
        except TooManyDrafts:
            return TOO_MANY
        except TooLarge:
            return TOO_LONG_TO_SAVE
        except Unavailable:
            return CANNOT_SAVE

    def begun(self, place: DraftPlace) -> Draft:
        """A draft of a form in which nothing stands yet."""
        return Draft(
            id=place.draft,
            owner=place.owner,
            organisation=place.organisation,
            page=place.page,
            form=place.path,
            title=place.title,
            values={},
            changed_at=self.now(),
        )

    def record(self, place: DraftPlace, page: str) -> None:
        """Forget what was written, and remember the page that says what was recorded of it.

        What was recorded stands, whether this can be noted or not.
        """
        with suppress(Unavailable):
            if draft := self.get(place):
                self.store.record(draft, page)

    def listed(self, owner: str, organisation: str) -> Sequence[Draft]:
        """What somebody has in progress in an organisation, the latest first. Raises Unavailable.

        Where nobody logs in, the list is everybody's: then it holds what was saved on purpose, and
        what stands on editing pages, but no response that somebody has only begun to write.
        """
        found = self.store.in_progress(owner, organisation, self.now())
        return [draft for draft in found if owner or draft.saved or EDITING in draft.form]

    def listed_here(self, place: DraftPlace) -> Sequence[Draft]:
        """What else their owner has in progress at the same place."""
        with suppress(Unavailable):
            found = self.listed(place.owner, place.organisation)
            return [
                draft for draft in found if draft.form == place.path and draft.id != place.draft
            ]
        return ()


def query(draft: str, *, check: bool) -> dict[str, str]:
    """What the address of something in progress, or of its check page, says of it."""
    return {"draft": draft, "check": "yes"} if check else {"draft": draft}


def lead(place: DraftPlace, onward: str, *, saved: bool) -> Response:
    """Lead to the list of drafts where it was saved, else to an address of what is in progress."""
    where = place.reader.link(urls.drafts(place.organisation)) if saved else onward
    return RedirectResponse(where, 303)
