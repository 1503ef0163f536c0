"""Forms in progress: what somebody has written so far, kept until it is confirmed.

A draft is a convenience. Where none can be kept, a form is answered at once, as it always could
be: no act waits for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import structs

from domain.ports.drafts import Draft, DraftStore, TooManyDrafts
from domain.ports.errors import TooLarge, Unavailable
from web.forms.fields import Values
from web.forms.form_places import FormPlace
from web.i18n.labels import N_

ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How the id of a draft is written in an address."""
CONTROLS: Final = frozenset({"draft", "confirmed", "change", "save", "in_language"})
"""What a form sends beside its fields: buttons, and where its draft is."""
TOO_MANY: Final = N_("You have saved too many forms already. Please delete some of them first.")
TOO_LONG_TO_SAVE: Final = N_("This is too long to be saved. Please shorten your texts.")
CANNOT_SAVE: Final = N_("It cannot be saved now. Please try again in a moment.")
OF_ANOTHER: Final = N_("This form was begun by somebody else, or is recorded already.")


@dataclass(frozen=True)
class FormDrafts:
    """The drafts of forms; people see only their own."""

    store: DraftStore
    now: Callable[[], datetime]

    def get(self, place: FormPlace) -> Draft | None:
        """The draft at this place, if there is one; None also where none can be read now."""
        if not ID.fullmatch(place.draft):
            return None
        with suppress(Unavailable):
            found = self.store.get(place.draft, place.owner, self.now())
            return found if found and found.form == place.path else None
        return None

    def keep(
        self,
        place: FormPlace,
        values: Values,
        faults: Mapping[str, str],
        *,
        saved: bool = False,
    ) -> str:
        """Keep a form's values; why they could not be kept, as a message id, else empty."""
        before = self.get(place)
        draft = structs.replace(
            self.begun(place),
            values={name: tuple(given) for name, given in _own(values).items()},
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

    def begun(self, place: FormPlace) -> Draft:
        """A draft of a form in which nothing stands yet."""
        return Draft(
            id=place.draft,
            owner=place.owner,
            organisation=place.organisation,
            page=place.subject.page,
            form=place.path,
            title=place.form.act.title,
            values={},
            changed_at=self.now(),
        )

    def record(self, place: FormPlace, page: str) -> None:
        """Forget what was written, and remember the page that says what was recorded of it.

        What was recorded stands, whether this can be noted or not.
        """
        with suppress(Unavailable):
            if draft := self.get(place):
                self.store.record(draft, page)

    def saved(self, owner: str, organisation: str) -> Sequence[Draft]:
        """What somebody has saved in an organisation. Raises Unavailable."""
        return self.store.saved(owner, organisation, self.now())

    def saved_here(self, place: FormPlace) -> Sequence[Draft]:
        """Other forms for the same act on the same noun that their owner has saved."""
        with suppress(Unavailable):
            found = self.saved(place.owner, place.organisation)
            return [
                draft for draft in found if draft.form == place.path and draft.id != place.draft
            ]
        return ()


def _own(values: Values) -> Mapping[str, Sequence[str]]:
    return {name: given for name, given in values.texts.items() if name not in CONTROLS}
