"""Names in the order of the reader's language."""

from __future__ import annotations

import pytest

from web.i18n.collation import collation_key

ORDERS = {
    "en": ["Åland", "Andorra", "Côte d'Ivoire", "Cuba", "Group 2", "Group 10", "Zambia"],
    "fr": ["Cote", "Côte d'Ivoire", "Égypte", "Émirats arabes unis", "Érythrée", "Fidji"],
    "es": ["Nauru", "Nueva Zelandia", "Ñandú", "Omán"],
    "ru": ["Албания", "Ёлкин", "Жуков", "Иран", "Йемен", "Канада"],
    "ar": ["إثيوبيا", "الأردن", "ألبانيا", "بوتان", "تونس"],
    "zh": ["Zambia", "阿根廷", "巴西", "法国", "中国"],
}


@pytest.mark.parametrize("language", ORDERS)
def test_names_stand_in_the_order_of_the_language(language: str) -> None:
    order = ORDERS[language]
    assert order == sorted([*order[2:], *order[:2]], key=lambda name: collation_key(name, language))


def test_letters_of_their_own_are_so_in_their_language_only() -> None:
    names = ["Ñandú", "Nauru"]
    assert ["Ñandú", "Nauru"] == sorted(names, key=lambda name: collation_key(name, "fr"))
    assert ["Nauru", "Ñandú"] == sorted(names, key=lambda name: collation_key(name, "es"))
