"""What looks the same: blank text, names with invisible characters, and plain ids."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""Stands before a text in some files; it is no part of what the text says."""

_UNSEEN: Final = frozenset(
    [
        *map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)),
        *map(chr, range(0x180B, 0x1810)),
        *map(chr, range(0xFE00, 0xFE10)),
        *map(chr, range(0xE0000, 0xE1000)),
    ]
)
"""Characters without a shape that are neither blanks nor control or format characters: fillers,
variation selectors, the empty braille pattern. Source: Unicode, Default_Ignorable_Code_Point."""

_LOOKALIKES: Final = str.maketrans(
    {
        **dict(zip("авекмнорстухѕіјһԁԛԝѵ", "abekmhopctyxsijhdqwv", strict=True)),  # Cyrillic
        **dict(zip("αβγεζηικμνορτυχω", "abyezhikmnoptyxw", strict=True)),  # Greek
        **dict(zip("օսոհցɑɡȷ", "ounhgagj", strict=True)),  # Armenian, phonetic
        **dict.fromkeys("‐‒–—−", "-"),
        **dict.fromkeys("’‘ʼ", "'"),
        **dict.fromkeys("“”„«»", '"'),
    }
)
"""Letters and signs that look like others, in lower case or as the capitals that they are of.
After the confusables of Unicode Technical Standard 39, for scripts that stand beside Latin."""

_LOOKALIKES_IN_NAMES: Final = str.maketrans(dict(zip("łøđı01", "lodiol", strict=True)))
"""What is taken for another letter in a name, where no word around it tells which is meant."""

_TITLES: Final = frozenset(["dr", "mr", "mrs", "ms", "prof", "amb", "ambassador", "minister"])
"""Words before a name that may be there or not."""

_SCRIPTS: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
"""Scripts with letters that look like those of another one."""

_IN_ONE_WORD: Final = re.compile(r"[^\s/?#\\]+")
MOST_LETTERS: Final = 60
"""How long an id may be that is typed into lists and options."""


def _shows(sign: str) -> bool:
    """Whether a character has a shape of its own."""
    return sign not in _UNSEEN and unicodedata.category(sign) not in {"Cc", "Cf", "Cn", "Cs"}


@lru_cache(maxsize=4096)
def is_blank(text: str) -> bool:
    """Whether nothing of a text is to be seen: blanks, marks on nothing, what has no shape."""
    if text.isascii() and text.isprintable():
        return not text.strip()
    return not any(_shows(char) and unicodedata.category(char)[0] not in "ZM" for char in text)


@lru_cache(maxsize=4096)
def comparison_key(text: str) -> str:
    """What a text says: the same for two that differ only in case, blanks, look-alike or
    unseen characters, or in how their characters are composed.

    Accents are kept: they make other words.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(char for char in folded if char.isspace() or _shows(char))
    return unicodedata.normalize("NFC", " ".join(seen.split()).translate(_LOOKALIKES))


def skeleton(name: str) -> str:
    """What is seen of a name at a glance: as `said`, and without the accents of its letters.

    Two names with one skeleton are taken for each other.
    """
    parted = unicodedata.normalize("NFD", comparison_key(name))
    bare = "".join(char for char in parted if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", bare).translate(_LOOKALIKES | _LOOKALIKES_IN_NAMES)


def letters(name: str) -> str:
    """The letters and digits of a name's skeleton: what it is without points and blanks.

    As in capitals, an `i` is taken for an `l`.
    """
    return "".join(char for char in skeleton(name).replace("i", "l") if char.isalnum())


def may_be_same_person(name: str, other: str) -> bool:
    """Whether two names may be those of one person.

    They are the same words in whatever order, where an initial stands for each word that begins
    with it; titles and numbers make no other person. `rn` looks like `m`.
    """
    if letters(name) == letters(other):
        return True
    words, others = _words_of(name), _words_of(other)
    paired = all(any(_stands_for(word, two) for two in others) for word in words) and all(
        any(_stands_for(word, two) for two in words) for word in others
    )
    return paired and bool(words) and len(words) == len(others)


def _words_of(name: str) -> tuple[str, ...]:
    """The words of a name by their letters, without titles and numbers."""
    seen = "".join(char if char.isalnum() else " " for char in comparison_key(name))
    words = [word for word in seen.split() if word not in _TITLES and not word.isdecimal()]
    return tuple(letters(word).replace("rn", "m") for word in words)


def _stands_for(word: str, other: str) -> bool:
    return word == other or (1 in {len(word), len(other)} and word[0] == other[0])


def may_name_person(name: str) -> bool:
    """Whether a name may be somebody's: it has two letters that differ, all of one script."""
    found = {char for char in skeleton(name) if char.isalpha()}
    return len(found) > 1 and not _mixed(name)


def name_problem(name: str) -> str:
    """What is the matter with a name that is to stand for something for ever; empty for nothing.

    It needs a letter or a digit, shows all of its characters, has single blanks inside only, is
    written in plain characters, and its letters are of one script: `а` and `a` in one word are
    there to be mistaken.
    """
    if not letters(name):
        return "it has no letter and no digit"
    if not all(char == " " or _shows(char) for char in name) or name != " ".join(name.split()):
        return "it holds blanks or other characters that are not seen"
    if unicodedata.normalize("NFKC", name) != unicodedata.normalize("NFC", name):
        return "it holds characters that stand for plainer ones"
    return f"it mixes letters: {' and '.join(map(str.title, _mixed(name)))}" if _mixed(name) else ""


def url_name_problem(name: str) -> str:
    """What is the matter with a name that stands in addresses and file names: more than `odd`.

    All of its characters are ASCII, so that no two of them look alike but for their case.
    """
    return name_problem(name) or (
        "" if name.isascii() else "it holds characters that are not ASCII"
    )


def plain_id_problem(name: str) -> str:
    """What is the matter with an id that is typed into lists and options; empty for nothing.

    As a `name_problem` tells, and it has no blanks and slashes, and is short.
    """
    if problem := name_problem(name):
        return problem
    if not _IN_ONE_WORD.fullmatch(name):
        return "it holds blanks or slashes"
    return "" if len(name) <= MOST_LETTERS else f"it has more than {MOST_LETTERS} characters"


def spelling_variants(name: str) -> tuple[str, ...]:
    """Other ways to write a name in ASCII that differ in case alone, the likely ones."""
    others = (name.lower(), name.upper(), name.capitalize(), name.title(), name.swapcase())
    return tuple(spelling for spelling in dict.fromkeys(others) if spelling != name)


def _mixed(name: str) -> list[str]:
    """The scripts of a name's letters, where they are several that look alike."""
    scripts = sorted({_script(char) for char in name if char.isalpha()} & _SCRIPTS)
    return scripts if len(scripts) > 1 else []


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
