"""The colours of an organisation's pages: which may be chosen, and by which criterion."""

from __future__ import annotations

import pytest

from domain.access.commands import ORGANISATION
from domain.access.organisation import Organisation
from domain.access.page_colours import (
    BACKGROUNDS,
    HEAD,
    LEAST_CONTRAST,
    LINKS,
    contrast,
    least_contrast,
)
from story import Story


def colours(story: Story) -> tuple[str, str]:
    found: Organisation = story.state(str(ORGANISATION))
    return (found.head_colour, found.link_colour)


@pytest.mark.parametrize(
    ("colour", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_wcag(colour: str, other: str, ratio: float) -> None:
    """The last one is the well-known grey that just fails level AA on white."""
    assert ratio == round(contrast(colour, other), 2) == round(contrast(other, colour), 2)


def test_the_colours_that_pages_come_with_can_be_read_on_every_ground() -> None:
    assert {True} == {least_contrast(colour)[0] >= LEAST_CONTRAST for colour in (HEAD, LINKS)}
    assert {True} == {contrast(LINKS, ground) >= LEAST_CONTRAST for ground in BACKGROUNDS}


def test_an_organisation_has_its_own_colours_and_goes_back_to_the_first(story: Story) -> None:
    first = colours(story)
    story.do("change colours", who="administrator", head="#3d0f2e", links=LINKS)
    own = colours(story)
    second = story.events()[-1].fact
    story.do("change settings", who="administrator", names={"en": "Office"})
    story.do("change colours", who="administrator", head=HEAD)

    assert (HEAD, LINKS) == first == colours(story)
    assert ("#3d0f2e", LINKS) == own
    assert ("#3d0f2e", "") == (second.head, second.links), "what stays is not said again"


def test_colours_that_pages_have_already_are_refused(story: Story) -> None:
    with story.refused("empty"):
        story.do("change colours", who="administrator", head=HEAD, links=LINKS)


@pytest.mark.parametrize("colour", ["red", "#FFF", "#12345", "#07304C", "07304c", "#07304c;"])
def test_what_is_no_colour_is_refused(story: Story, colour: str) -> None:
    with story.refused("colour"):
        story.do("change colours", who="administrator", head=colour)


def test_a_colour_in_which_letters_are_hard_to_read_is_refused(story: Story) -> None:
    """White letters stand on it, and it stands as letters on paler grounds than white."""
    assert contrast("#767676", "#ffffff") > LEAST_CONTRAST > least_contrast("#767676")[0]
    for colour in ("#ff9900", "#767676"):
        with story.refused("contrast"):
            story.do("change colours", who="administrator", links=colour)
