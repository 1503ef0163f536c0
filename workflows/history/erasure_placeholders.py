"""The words shown in place of an erased text, put in once for pages, letters, tables and JSON."""

from __future__ import annotations

import re
from typing import Final

from domain.erasures import END, ERASED, MARK, MISSING, erasure_of
from workflows.history.sentences.wording import Translate

_MARKED: Final = re.compile(f"{MARK}([^{END}]*){END}")


def say_erasures(shown: str, say: Translate) -> str:
    """A whole page, letter, table or JSON text, with words in the place of each erased text.

    What the record says of an erasure is taken as it stands there, with its escapes.
    """
    if MARK not in shown:
        return shown
    return _MARKED.sub(lambda found: _words(found[0], found[1], say), shown)


def _words(whole: str, mark: str, say: Translate) -> str:
    if erasure := erasure_of(mark):
        day, authority = erasure
        words = say("This text was erased on %(day)s by authority of: %(authority)s")
        return words % {"day": day, "authority": authority}
    if whole == ERASED:
        return say("This text was erased.")
    if whole == MISSING:
        return say("This text cannot be read: its key is missing.")
    return say("This text is sealed.")
