"""Acting on pages: the form, the check page that says what it will do, and the execution."""

import asyncio
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.responses import Response

from domain.canonical import digest
from domain.ports.errors import Unavailable
from page_tree import parsed
from story import NOON, ORGANISATION, Story
from web.forms.form_receiver import LARGEST, FormReceiver
from web_visitor import SENT_HERE, WINDOW, Hands, Visitor, field_values, said
from workflows.history.sentences.wording import MARK
from workflows.queries.window import WindowQueries

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx that need not be there
    from starlette.testclient import TestClient


@pytest.fixture
def visitor(story: Story) -> Iterator[Visitor]:
    """A visitor of a running procedure with the seats east and west."""
    story.body()
    story.silence()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield Visitor(story)


def facts(visitor: Visitor) -> list[str]:
    """The names of what was recorded of the window."""
    events = [event for event in visitor.story.events() if event.stream.kind == "window"]
    return [event.name.split(".")[1] for event in events]


# --- A seat answers -------------------------------------------------------------------------------


def test_an_objection_is_checked_before_it_breaks_the_silence(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="objection", text="Not in red.")

    assert "This will break the silence: the whole text will not be approved." in said(check)
    assert "It is received when you confirm, not now." in said(check)
    assert "Not in red." in said(check)
    assert facts(visitor) == ["opened"]

    done = visitor.confirms(path, check)
    shown = said(visitor.opens(done.headers["location"]))

    assert facts(visitor) == ["opened", "response_received", "broken"]
    response = visitor.story.state("window/w").responses[0]
    assert (("east",), "Not in red.") == (response.response.seats, response.response.text)
    assert visitor.story.state("window/w").text_hash == response.response.text_hash
    assert "number 1" in shown
    assert "in time" in shown
    assert visitor.story.events()[-2].hash in shown
    assert "Silence broken" in visitor.window()


def test_no_objection_is_told_to_break_nothing(visitor: Visitor) -> None:
    check = visitor.checks(f"{WINDOW}/act/respond", seat="east", kind="no objection")

    assert "It does not break the silence." in said(check)
    assert "will not be approved" not in said(check)


def test_an_unclear_answer_waits_for_a_ruling_given_on_a_page(visitor: Visitor) -> None:
    visitor.acts("respond", seat="east", kind="unclear", text="Hm.")
    assert "waits for a ruling" in visitor.window()

    shown = visitor.acts("rule", number="1", breaks="yes", reason="It objects.")

    assert "Ruled: response 1 breaks the silence." in said(shown)
    assert visitor.story.phase() == "broken"


def test_nobody_rules_on_a_response_once_the_silence_is_broken(visitor: Visitor) -> None:
    """What broke stays broken: no ruling is offered, so none is awaited either."""
    visitor.acts("respond", seat="east", kind="unclear", text="Hm.")
    visitor.acts("respond", seat="west", kind="objection")
    shown = visitor.window()
    offered = parsed(visitor.opens(WINDOW).text).xpath("//a[contains(@href, '/act/rule')]")
    check = visitor.checks(f"{WINDOW}/act/respond", seat="east", kind="unclear", text="So?")

    assert [] == offered
    assert "waits for a ruling" not in shown.replace("while a response waits for a ruling", "")
    assert "East membernot ruled on" in shown
    assert "The procedure has ended, so nobody rules on it." in said(check)
    assert "wait for the presiding officer" not in said(check)


def test_a_response_at_the_margin_that_a_break_overtook_is_not_left_to_a_ruling(
    story: Story,
) -> None:
    story.body()
    story.silence()
    end = story.state("window/w").closes.latest
    story.at((end - timedelta(minutes=2)).isoformat())
    story.respond("objection", offset_ms=90_000)
    assert "the presiding officer rules on it." in Visitor(story).window()
    story.now = end - timedelta(minutes=1, seconds=40)
    story.do("respond", who="seat west", window="w", kind="objection", seats=["west"])

    assert "rules on it. The procedure ended before that." in Visitor(story).window()


def test_time_between_check_and_confirmation_does_not_count(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    end = visitor.story.state("window/w").closes.latest
    visitor.clock.at = end - timedelta(minutes=1)
    check = visitor.checks(path, seat="east", kind="objection")
    assert "This will break the silence" in said(check)

    visitor.clock.at = end
    done = visitor.confirms(path, check)

    assert facts(visitor)[1:] == ["late_response_received"]
    assert "late, without effect" in said(visitor.opens(done.headers["location"]))


def test_a_late_answer_says_before_and_after_that_it_is_late(visitor: Visitor) -> None:
    visitor.clock.at = visitor.story.state("window/w").closes.latest
    check = visitor.checks(f"{WINDOW}/act/respond", seat="east", kind="objection")

    assert "will be kept as late" in said(check)
    assert "goes to the meeting" in said(check)


def test_a_response_is_stamped_at_its_receipt_by_the_one_clock(visitor: Visitor) -> None:
    visitor.clock.offset_ms = 1400
    visitor.acts("respond", seat="east", kind="no objection")

    recorded = visitor.story.events()[-1]
    assert (visitor.clock.at, 1400) == (recorded.received_at, recorded.offset_ms)
    assert "the server's clock was 1400 ms off" in visitor.window()


def test_a_response_counts_from_its_receipt_and_not_from_its_handling(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="objection")
    visitor.clock.at = visitor.story.state("window/w").closes.latest - timedelta(microseconds=1)
    visitor.clock.goes = timedelta(seconds=10)

    visitor.confirms(path, check)

    assert facts(visitor) == ["opened", "response_received", "broken"]


def test_a_form_is_received_once_its_last_byte_is_here() -> None:
    clock, found = Hands(NOON), []
    parts = [(b"kind=", True), (b"objection", False)]

    async def receive() -> Any:
        clock.at += timedelta(seconds=1)
        body, more = parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(_: Any) -> None:
        """Nobody answers here."""

    async def app(scope: Any, receive: Any, _: Any) -> None:
        found.append((scope["state"]["stamp"].at, (await receive())["body"]))

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    asyncio.run(FormReceiver(app, clock, lambda *_: Response())(scope, receive, send))

    assert [(NOON + timedelta(seconds=2), b"kind=objection")] == found


def test_a_clock_that_is_off_takes_responses_and_nothing_else(visitor: Visitor) -> None:
    visitor.clock.offset_ms = 1400
    path = f"{WINDOW}/act/suspend"

    refused = visitor.sends(path, visitor.fills(path, reason="To talk."))

    assert refused.status_code == 409
    assert "one-clock" in said(refused)
    assert facts(visitor) == ["opened"]


def test_an_objection_at_the_margin_is_left_to_the_presiding_officer(visitor: Visitor) -> None:
    visitor.clock.at = visitor.story.state("window/w").closes.latest - timedelta(milliseconds=300)
    visitor.clock.offset_ms = 700
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="objection")
    assert "clocks cannot tell" in said(check)

    visitor.confirms(path, check)

    assert facts(visitor)[1:] == ["response_at_margin"]
    assert "within 700 ms of the deadline" in visitor.window()
    assert "1 response waits for a ruling" in visitor.window()
    assert "no objection received" not in visitor.window().partition("Time left")[0]
    assert "so near the deadline" in visitor.window()


def test_another_text_than_the_one_under_silence_is_kept_as_refused(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    other = digest(b"another text")
    check = visitor.checks(path, seat="east", kind="objection", text_hash=other)
    assert "cannot count, by the rule text-under-silence" in said(check)

    done = visitor.confirms(path, check)

    assert facts(visitor)[1:] == ["response_refused"]
    shown = said(visitor.opens(done.headers["location"]))
    assert "cannot count" in shown
    assert "text-under-silence" in shown


def test_an_answer_to_a_superseded_window_is_kept_as_refused(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="objection")
    visitor.acts("supersede", reason="The text changes.")

    done = visitor.confirms(path, check)

    assert facts(visitor)[1:] == ["superseded", "response_refused"]
    assert "was superseded" in said(visitor.opens(done.headers["location"]))


def test_a_double_click_is_recorded_once_and_answered_like_the_first(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="no objection")
    first, second = (visitor.confirms(path, check) for _ in range(2))

    assert facts(visitor) == ["opened", "response_received"]
    assert "Recorded already" not in said(visitor.opens(first.headers["location"]))
    assert "Recorded already" in said(visitor.opens(second.headers["location"]))
    assert second.headers["location"].startswith(first.headers["location"])


def test_the_same_form_with_another_content_is_not_lost(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="no objection")
    visitor.confirms(path, check)
    changed = field_values(check.text) | {"kind": "objection", "confirmed": "yes"}

    refused = visitor.sends(path, changed)

    assert refused.status_code == 409
    assert "sent already, with another content" in said(refused)
    again = visitor.confirms(path, visitor.sends(path, field_values(refused.text)))
    assert again.status_code == 303
    assert facts(visitor) == ["opened", "response_received", "response_received", "broken"]


def test_a_form_that_is_wrong_comes_back_filled_in(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    answer = visitor.sends(path, visitor.fills(path, seat="east", text="Not in red."))

    assert answer.status_code == 422
    assert "This is needed." in said(answer)
    assert "Deadline" in said(answer)
    filled = field_values(answer.text)
    assert (["east"], ["Not in red."]) == (filled["seat"], [filled["text"][0].strip()])
    page = parsed(answer.text)
    assert page.xpath("//*[@id='wrong'][@tabindex='-1'][@role='alert']//a/@href") == ["#kind"]
    assert facts(visitor) == ["opened"]


def test_a_form_that_comes_back_promises_nothing_above_its_fault(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    promise = "None is ever turned away."
    wrong = visitor.sends(path, visitor.fills(path, kind="objection"))

    assert promise in said(visitor.opens(path))
    assert promise not in said(wrong)


def test_what_was_written_can_be_changed_after_the_check(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="objection", text="Not in red.")

    form = visitor.sends(path, field_values(check.text) | {"change": "yes"})

    assert form.status_code == 200
    assert field_values(form.text)["text"][0].strip() == "Not in red."
    assert field_values(form.text)["command_id"] == field_values(check.text)["command_id"]


@pytest.mark.parametrize("seat", ["north", "<script>alert(1)</script>"])
def test_seats_that_are_not_on_the_roster_cannot_be_chosen(visitor: Visitor, seat: str) -> None:
    path = f"{WINDOW}/act/respond"
    answer = visitor.sends(path, visitor.fills(path, seat=seat, kind="objection"))

    assert answer.status_code == 422
    assert "<script>" not in answer.text


def test_a_text_that_is_too_long_is_not_cut(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    found = visitor.fills(path, seat="east", kind="objection", text="x" * 20_001)

    answer = visitor.sends(path, found)

    assert answer.status_code == 422
    assert "at most 20,000 characters" in said(answer)
    assert len(field_values(answer.text)["text"][0].strip()) == 20_001


def test_texts_that_one_event_cannot_hold_are_sent_back_before(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    values = {"text": "偷" * 15_000, "wording": "运" * 15_000}

    answer = visitor.sends(path, visitor.fills(path, seat="east", kind="objection", **values))

    assert answer.status_code == 422
    assert "too long together" in said(answer)


def test_an_act_that_one_event_cannot_hold_says_so(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/suspend"
    check = visitor.checks(path, reason="\U00010348" * 20_000)

    answer = visitor.confirms(path, check)

    assert answer.status_code == 413
    assert "too long to be kept as one event" in said(answer)
    assert facts(visitor) == ["opened"]


def test_a_store_that_cannot_be_read_says_that_nothing_was_recorded(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{WINDOW}/act/suspend"
    found = visitor.fills(path, reason="To talk.")

    def unavailable(*_: object) -> None:
        raise Unavailable("the disk is gone")

    monkeypatch.setattr(WindowQueries, "for_form", unavailable)
    answer = visitor.sends(path, found | {"confirmed": "yes"})

    assert answer.status_code == 503
    assert "Not recorded" in said(answer)
    assert "never recorded twice" in said(answer)


def test_what_is_no_form_at_all_is_told_so(visitor: Visitor) -> None:
    headers = SENT_HERE | {"Content-Type": "multipart/form-data"}
    answer = visitor.client.post(f"{WINDOW}/act/respond", content=b"?", headers=headers)

    assert answer.status_code == 400
    assert "this form could not be read" in said(answer)


def test_lines_of_a_text_stay_lines(visitor: Visitor) -> None:
    visitor.acts("respond", seat="east", kind="no objection", text="One.\r\nTwo.")

    assert visitor.story.state("window/w").responses[0].response.text == "One.\nTwo."


def full(*_: object) -> None:
    """What a store does that cannot be written."""
    raise Unavailable("the disk is full")


@contextmanager
def unwritable(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Meanwhile the log takes nothing."""
    with monkeypatch.context() as broken:
        for manner in ("append_after", "append_transaction"):
            broken.setattr(type(visitor.placet.store.history(ORGANISATION)), manner, full)
        yield


def test_a_store_that_cannot_be_written_says_so_and_the_form_goes_again(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{WINDOW}/act/suspend"
    check = visitor.checks(path, reason="To talk.")
    with unwritable(visitor, monkeypatch):
        failed = visitor.confirms(path, check)

    assert failed.status_code == 503
    assert "Not recorded" in said(failed)
    assert "before the deadline" in said(failed)
    assert facts(visitor) == ["opened"]
    assert visitor.confirms(path, visitor.sends(path, field_values(failed.text))).status_code == 303
    assert facts(visitor) == ["opened", "suspended"]


def test_a_response_to_a_log_that_cannot_be_written_is_kept_and_recorded_later(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps the time of its receipt, however late it is decided, and counts."""
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="objection")
    visitor.clock.at = came = visitor.story.state("window/w").closes.latest - timedelta(seconds=1)
    with unwritable(visitor, monkeypatch):
        kept = visitor.confirms(path, check)
    visitor.clock.at += timedelta(hours=1)
    visitor.placet.intake.decide_pending(visitor.clock.at)

    assert kept.status_code == 202
    assert "Received and kept" in said(kept)
    assert "need not send it again" in said(kept)
    assert facts(visitor) == ["opened", "response_received", "broken"]
    assert came == visitor.story.events()[-1].received_at
    assert "Recorded already" in said(
        visitor.opens(visitor.confirms(path, check).headers["location"])
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Origin": "http://elsewhere.example"},
        {"Accept": "text/html"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere.example"},
        {"Sec-Fetch-Site": "none", "Origin": "http://elsewhere.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "", "Origin": "http://testserver"},
        {"Origin": "http://[testserver"},
    ],
)
def test_a_form_from_another_place_records_nothing(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="objection")

    answer = visitor.confirms(path, check, **headers)

    assert answer.status_code == 403
    assert "nothing was recorded" in said(answer)
    assert facts(visitor) == ["opened"]


def test_a_fault_of_the_program_says_that_the_same_form_can_go_again(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it was recorded is not certain; sent again, it is recorded once."""
    path = f"{WINDOW}/act/suspend"
    check = visitor.checks(path, reason="To talk.")
    does = visitor.placet.execute

    def fails_afterwards(*values: Any, **more: Any) -> Any:
        does(*values, **more)
        raise RuntimeError("after the append")

    unsafe = TestClient(visitor.client.app, follow_redirects=False, raise_server_exceptions=False)
    with monkeypatch.context() as patched:
        patched.setattr(visitor.placet, "execute", fails_afterwards)
        form = field_values(check.text) | {"confirmed": "yes"}
        failed = unsafe.post(path, data=form, headers=SENT_HERE)
    again = visitor.confirms(path, check)

    assert 500 == failed.status_code
    assert "It is not certain whether this was recorded." in said(failed)
    assert "the same form is never recorded twice" in said(failed)
    assert (303, 1) == (again.status_code, facts(visitor).count("suspended"))


def test_an_older_browser_tells_its_origin(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", kind="no objection")

    assert visitor.confirms(path, check, Origin="http://testserver").status_code == 303


def test_one_may_act_for_others_where_empowered(story: Story) -> None:
    story.body(seats=("east", "west", "north"))
    story.do("empower seat", body="b", seat="east", acts_for=["north"])
    story.silence(threshold=2)
    visitor = Visitor(story)
    path = f"{WINDOW}/act/respond"

    check = visitor.checks(path, seat="east", kind="objection", on_behalf_of=["north"])

    assert "This will break the silence" in said(check)


def test_a_threshold_is_told_before(story: Story) -> None:
    story.body()
    story.silence(threshold=2)
    check = Visitor(story).checks(f"{WINDOW}/act/respond", seat="east", kind="objection")

    assert "The silence breaks once members object: 2." in said(check)


def test_items_fall_one_by_one(story: Story) -> None:
    story.body()
    listed = {"type": "list of entries", "items": ["a", "b"]}
    story.silence(subject=listed, by_item=True)
    visitor = Visitor(story)
    path = f"{WINDOW}/act/respond"

    check = visitor.checks(path, seat="east", kind="objection", items=["b"])
    assert "in part. Not approved will be: b. Under silence stays: a." in said(check)
    visitor.confirms(path, check)

    assert visitor.story.state("window/w").broken == {"b"}


@pytest.fixture
def listing(story: Story) -> Visitor:
    """A visitor of a procedure on a list, of which entry a has fallen already."""
    story.body()
    story.silence(subject={"type": "list of entries", "items": ["a", "b", "c"]}, by_item=True)
    story.respond("objection", items=["a"])
    return Visitor(story)


def test_what_fell_before_does_not_stay_under_silence(listing: Visitor) -> None:
    path = f"{WINDOW}/act/respond"
    check = said(listing.checks(path, seat="west", kind="objection", items=["b"]))

    assert "in part. Not approved will be: b. Under silence stays: c." in check


def test_once_a_part_has_fallen_silence_approves_only_the_rest(listing: Visitor) -> None:
    """So says the page of the procedure, also while a response waits, and with a stopped clock."""
    running = listing.window()
    listing.acts("respond", seat="west", kind="unclear", items=["b"])
    waiting = listing.window()
    listing.acts("rule", number="2", breaks="no", reason="A question.")
    listing.acts("suspend", reason="A storm.")
    stopped = listing.window()

    for page in (running, waiting, stopped):
        assert "the text is approved" not in page.lower()
        assert "what is still under silence is approved with effect at the deadline" in page.lower()
    assert "Nothing more is approved before the presiding officer has ruled." in waiting


def test_numbers_of_items_keep_their_order_on_an_arabic_check_page(story: Story) -> None:
    """After the letter of `2 (b)` the rest of the line would else run from left to right."""
    story.body()
    entries = {"type": "list of entries", "items": ["1", "2 (a)", "2 (b)", "3", "4"]}
    story.silence(subject=entries, by_item=True)
    path = f"{WINDOW}/act/respond?lang=ar"
    check = Visitor(story).checks(path, seat="east", kind="objection", items=["2 (a)"])

    assert f"{MARK}2 (a){MARK}. " in said(check)
    assert f"1، {MARK}2 (b){MARK}، 3، 4" in said(check)


def test_an_amendment_of_all_that_is_left_ends_the_procedure(listing: Visitor) -> None:
    """It names nothing, so it concerns every entry: of those that had not fallen nothing stays."""
    path = f"{WINDOW}/act/respond"
    check = listing.checks(path, seat="west", kind="amendment")
    listing.confirms(path, check)

    assert "Not approved will be: b, c. Nothing stays under silence" in said(check)
    assert "in part" not in said(check)
    assert "broken" == listing.story.phase()


def test_an_objection_below_the_threshold_is_told_of_what_is_still_under_silence(
    story: Story,
) -> None:
    """That entry a has fallen says nothing of entry b."""
    story.body()
    entries = {"type": "list of entries", "items": ["a", "b"]}
    story.silence(subject=entries, by_item=True, threshold=2)
    story.respond("objection", items=["a"])
    story.respond("objection", "west", items=["a"])
    visitor, path = Visitor(story), f"{WINDOW}/act/respond"
    fallen, standing = (
        said(visitor.checks(path, seat="east", kind="objection", items=[item])) for item in "ab"
    )

    assert "What it concerns is not under silence any more." in fallen
    assert "The silence breaks once members object: 2." in standing
    assert "not under silence any more" not in standing


def seats_offered(page: str) -> list[str]:
    """The seats that a form offers, which are those of the roster, whichever answered."""
    return [str(node) for node in parsed(page).xpath("//select[@name='seat']/option/@value")]


def test_where_names_are_withheld_the_sender_alone_gets_the_receipt(story: Story) -> None:
    """On the answer to the form, again when it is sent again, and as a file by its own id."""
    story.placet.keys.create(NOON)
    story.body()
    story.do("empower seat", body="b", seat="east", acts_for=["west"], since="2026-01-01")
    story.silence(names_withheld=True)
    visitor = Visitor(story)
    path = f"{WINDOW}/act/respond"
    check = visitor.checks(path, seat="east", on_behalf_of=["west"], kind="objection")
    done = visitor.confirms(path, check)
    again = visitor.confirms(path, check)
    (found,) = parsed(done.text).xpath("//pre")
    (asks,) = [form for form in parsed(done.text).forms if form.method == "POST"]
    file = visitor.sends(asks.action, dict(asks.form_values()))

    assert "east" in found.text_content()
    assert "Recorded already" in said(again)
    assert found.text_content() == parsed(again.text).xpath("//pre")[0].text_content()
    assert 200 == file.status_code
    assert file.text == found.text_content().rstrip("\n") + "\n"
    assert file.headers["content-disposition"].startswith("attachment")
    assert "no-store" == file.headers["cache-control"] == done.headers["cache-control"]
    assert ("west",) == story.state("window/w").responses[0].response.on_behalf_of


def test_a_sender_hears_when_no_receipt_can_be_signed(story: Story) -> None:
    """There is no key; the response stands all the same."""
    story.body()
    story.silence(names_withheld=True)
    found = said(Visitor(story).acts("respond", seat="east", kind="objection"))

    assert "No receipt can be signed now. The response is recorded nevertheless." in found
    assert 1 == len(story.state("window/w").responses)


def test_where_no_key_signs_the_form_the_check_page_and_the_procedure_say_so(
    story: Story,
) -> None:
    """Beforehand; and no page leads to a receipt that there is not."""
    story.body()
    story.silence()
    visitor = Visitor(story)
    path, remark = f"{WINDOW}/act/respond", "No key signs receipts at present."
    form, check = visitor.opens(path), visitor.checks(path, seat="east", kind="no objection")
    done = visitor.acts("respond", seat="west", kind="no objection")
    shown = visitor.opens(WINDOW)

    assert [True] * 4 == [remark in said(page) for page in (form, check, done, shown)]
    assert "/receipts/" not in done.text + shown.text

    story.placet.keys.create(NOON)
    visitor.clock.at += timedelta(minutes=2)
    shown = visitor.opens(WINDOW)
    assert remark not in said(visitor.opens(path)) + said(shown)
    assert "/receipts/" in shown.text


def test_what_nobody_sees_is_taken_out_of_a_text_and_told(story: Story) -> None:
    """What a page makes visible is never recorded in that form, also not after a second look."""
    story.body()
    story.silence()
    visitor = Visitor(story)
    path = f"{WINDOW}/act/respond"
    text = "We \u202eobject\u202c.\x0bNo\u200d\u200e more\u2066!\u2069"
    check = visitor.checks(path, seat="east", kind="objection", text=text)
    again = visitor.sends(path, field_values(check.text) | {"change": "yes"})
    form = visitor.follows(again)
    checked = visitor.follows(visitor.sends(path, field_values(form.text)))
    visitor.confirms(path, checked)
    (kept,) = story.state("window/w").responses

    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in said(check)
    assert "[U+" not in check.text
    assert "We object.\nNo\u200d\u200e more!" == kept.response.text


def test_what_the_record_holds_is_sent_back_as_it_is(story: Story) -> None:
    """A form begins with what is recorded, not with what a page shows of it."""
    story.body()
    story.do("start agenda", agenda="a", body="b", approved_by="b")
    story.propose("1", titles={"en": "One \u202etwo"})
    visitor = Visitor(story)
    form = visitor.opens(f"/agendas/{ORGANISATION}/a/edit/items")

    assert "[U+202E]" not in form.text.partition("<form")[2]
    assert "One \u202etwo" in field_values(form.text)["base"][0]


def test_nobody_else_is_given_a_withheld_receipt(story: Story) -> None:
    """Not by another id, by one that no form made, through another procedure, or by an address."""
    story.placet.keys.create(NOON)
    story.body()
    story.silence(names_withheld=True)
    story.silence(window="v")
    story.respond("objection", id="a-word")
    visitor = Visitor(story)
    own = "0123abcd-0123-4567-89ab-0123456789ab"
    story.respond("no objection", "west", id=own)

    def status_of(where: str, command_id: str, **headers: str) -> int:
        path = f"/windows/{ORGANISATION}/{where}/receipt"
        answer = visitor.sends(path, {"command_id": command_id}, **headers)
        assert answer.status_code == 200 or "west" not in answer.text
        return int(answer.status_code)

    assert 200 == status_of("w", own)
    assert 404 == status_of("v", own)
    assert 404 == status_of("w", "a-word")
    assert 404 == status_of("w", own.replace("0123", "3210"))
    assert 404 == status_of("w", "")
    assert 403 == status_of("w", own, **{"Sec-Fetch-Site": "cross-site"})
    assert 404 == visitor.client.get(f"{WINDOW}/receipt?command_id={own}").status_code


def test_withheld_names_are_written_and_shown_nowhere(story: Story) -> None:
    story.placet.keys.create(NOON)
    story.body(seats=("east", "west"))
    story.silence(names_withheld=True)
    visitor = Visitor(story)

    form = visitor.opens(f"{WINDOW}/act/respond").text
    shown = visitor.acts("respond", seat="east", kind="objection", text="No.")
    position = story.events()[-2].position
    recorded = visitor.opens(f"{WINDOW}/recorded/{position}")

    assert seats_offered(form) == seats_offered(visitor.opens(f"{WINDOW}/act/respond").text)
    assert "east" in shown.text
    assert "east" not in recorded.text
    assert "seat east" not in said(visitor.opens(WINDOW))
    assert ("east",) == story.state("window/w").responses[0].response.seats
    assert "east" not in said(visitor.client.get(f"{WINDOW}/act/rule"))
    second = visitor.acts("respond", seat="west", kind="no objection")
    assert "Response 1" not in said(second)


def test_nobody_learns_whose_a_withheld_objection_is_by_trying_seats(story: Story) -> None:
    story.body()
    story.silence(names_withheld=True)
    visitor = Visitor(story)
    visitor.acts("respond", seat="east", kind="objection")

    path = f"{WINDOW}/act/withdraw-objection"
    found = visitor.fills(path, number="1")
    found.pop("evidence", None)
    assert not {"seat", "seats"} & {*found}
    refused = visitor.sends(path, found)
    assert "cites the paper" in said(refused)
    check = visitor.follows(
        visitor.client.post(
            path,
            data=found,
            files={"evidence": ("letter.pdf", b"%PDF a letter")},
            headers=SENT_HERE,
        )
    )
    visitor.confirms(path, check)

    assert ("secretariat", True) == (
        story.events()[-1].actor.role,
        story.state("window/w").responses[0].withdrawn,
    )


def test_a_paper_is_given_out_as_a_file_and_never_where_names_are_withheld(story: Story) -> None:
    """A page in disguise is not run: it is a file of no type, to be kept."""
    attachment = b"<html><script>alert(1)</script>East</html>"
    story.body()
    story.silence()
    story.silence(window="v", names_withheld=True)
    for window in ("w", "v"):
        values = {"window": window, "kind": "objection", "seats": ["east"], "channel": "letter"}
        story.do(
            "respond", evidence=digest(attachment), files={digest(attachment): attachment}, **values
        )
    visitor = Visitor(story)
    links = parsed(visitor.opens(WINDOW).text).xpath("//ol[@class='responses']//a/@href")
    file = visitor.client.get(f"{WINDOW}/evidence/1")
    other = f"/windows/{ORGANISATION}/v"

    assert f"{WINDOW}/evidence/1" in links
    assert (200, attachment) == (file.status_code, file.content)
    assert "application/octet-stream" == file.headers["content-type"]
    assert file.headers["content-disposition"].startswith("attachment;")
    assert "nosniff" == file.headers["x-content-type-options"]
    assert 404 == visitor.client.get(f"{other}/evidence/1").status_code
    assert "/evidence/" not in visitor.opens(other).text
    assert digest(attachment) not in visitor.opens(f"{other}.json").text
    assert 404 == visitor.client.get(f"{WINDOW}/evidence/2").status_code


# --- The secretariat registers --------------------------------------------------------------------


def test_a_paper_is_registered_on_behalf_with_its_evidence(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/register"
    found = visitor.fills(
        path,
        role="secretariat",
        seats=["east", "west"],
        kind="objection",
        received="2026-03-02T13:30:20",
        channel="letter",
    )
    visitor.clock.at = NOON + timedelta(hours=30)
    found.pop("evidence", None)

    check = visitor.follows(
        visitor.client.post(
            path,
            data=found,
            files={"evidence": ("letter.pdf", b"%PDF a letter")},
            headers=SENT_HERE,
        )
    )
    assert "letter.pdf" in said(check)
    assert "It counts as received on 2 March 2026, 13:30:20 Vienna, as you wrote." in said(check)
    done = visitor.confirms(path, check)

    assert done.status_code == 303, said(done)
    entry = visitor.story.state("window/w").responses[0]
    assert ("letter", digest(b"%PDF a letter")) == (entry.response.channel, entry.response.evidence)
    assert str(entry.received) == "2026-03-02T12:30:20Z"
    history = visitor.placet.store.history(ORGANISATION)
    assert history.content(entry.response.evidence) == b"%PDF a letter"


@pytest.mark.parametrize(
    ("received", "offset", "message"),
    [
        ("2026-03-29T02:30", "", "does not exist"),
        ("2026-10-25T02:30", "", "occurs twice"),
        ("2026-03-02T13:30", "+05:00", "is not the offset"),
        ("yesterday", "", "This is no time with its hour"),
        ("2026-03-02", "", "with its hour"),
        ("2026-13-02T13:30", "", "with its hour"),
        ("2026-03-02T13:30Z", "", "with its hour"),
        ("2026-03-02T13:30", "5", "is not the offset"),
        ("0026-03-02T13:30", "", "years run from 1800"),
        ("", "", "This is needed."),
    ],
)
def test_times_that_are_none_are_sent_back(
    visitor: Visitor, received: str, offset: str, message: str
) -> None:
    path = f"{WINDOW}/act/register"
    values = visitor.fills(path, role="secretariat", seats="east", kind="objection", channel="x")
    values |= {"received": received, "received-offset": offset}

    answer = visitor.sends(path, values)

    assert answer.status_code == 422
    assert message in said(answer)


def test_a_time_that_occurs_twice_is_told_by_its_offset(visitor: Visitor) -> None:
    visitor.acts("extend", closes="2026-10-25T02:30", reason="Late.", **{"closes-offset": "+01:00"})

    closes = visitor.story.state("window/w").closes
    assert str(closes) == "2026-10-25T01:30:00Z"


def test_a_paper_that_is_too_large_leaves_the_form_filled_in(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/register"
    found = visitor.fills(path, role="secretariat", seats="east", kind="objection", channel="mail")
    found["received"] = "2026-03-02T13:10"
    found.pop("evidence", None)
    large = {"evidence": ("scan.pdf", bytes(15 * 1024 * 1024 + 1))}

    answer = visitor.follows(visitor.client.post(path, data=found, files=large, headers=SENT_HERE))

    assert answer.status_code == 422
    assert "at most 15 MB" in said(answer)
    assert field_values(answer.text)["channel"] == ["mail"]


def test_a_flood_is_thrown_away_with_a_clear_word(visitor: Visitor) -> None:
    answer = visitor.client.post(
        f"{WINDOW}/act/register", content=b"x" * (LARGEST + 1), headers=SENT_HERE
    )

    assert answer.status_code == 413
    assert "Not recorded" in said(answer)


def test_a_paper_that_is_gone_from_memory_is_asked_for_again(story: Story) -> None:
    story.body()
    story.silence()
    first = Visitor(story)
    path = f"{WINDOW}/act/register"
    found = first.fills(path, role="secretariat", seats="east", kind="objection", channel="mail")
    found["received"] = "2026-03-02T13:01"
    found.pop("evidence", None)
    files = {"evidence": ("mail.eml", b"From: east")}
    check = first.follows(first.client.post(path, data=found, files=files, headers=SENT_HERE))

    after_a_restart = Visitor(story)
    answer = after_a_restart.confirms(path, check)

    assert answer.status_code == 409
    assert "evidence-kept" in said(answer)
    assert facts(after_a_restart) == ["opened"]


# --- The presiding officer ------------------------------------------------------------------------


def test_an_extension_shows_the_new_deadline_before(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/extend"
    check = visitor.checks(path, closes="2026-03-09T17:00", reason="Asked for.")

    assert "before 17:00:00" in said(check)
    assert "16:00 UTC" in said(check)
    assert visitor.confirms(path, check).status_code == 303
    assert str(visitor.story.state("window/w").closes) == "2026-03-09T16:00:00Z"


@pytest.mark.parametrize(
    ("acts", "message"),
    [
        (["extend"], "What is received before the new one is in time. All seats are notified."),
        (["suspend"], "Responses that come meanwhile are in time. All seats are notified."),
        (["suspend", "resume"], "The clock runs again, to the new deadline."),
        (["hold"], "The presiding officer is notified; the seats are not."),
        (["hold", "release"], "The deadline stays. Once it and its grace are past"),
        (["supersede"], "Responses that come later are kept and cannot count. All seats"),
    ],
)
def test_a_move_says_before_what_it_does_to_deadline_and_responses_and_who_is_told(
    visitor: Visitor, acts: list[str], message: str
) -> None:
    more = {"role": "presiding officer", "closes": "2026-03-06T17:00", "reason": "talks"}
    for act in acts[:-1]:
        visitor.acts(act, **more)
    check = visitor.checks(f"{WINDOW}/act/{acts[-1]}", **more)

    assert message in said(check)


def test_who_releases_a_hold_about_notices_learns_that_it_comes_back(visitor: Visitor) -> None:
    """And what ends it: the record that those seats were told, or need not be."""
    story = visitor.story
    failed = {"window": "w", "seats": ["west"], "result": "failed", "reason": "no address"}
    story.do("record notices", who="notice service", **failed)
    story.clock((story.state("window/w").due_from + timedelta(seconds=1)).isoformat())
    visitor.clock.at = story.now + timedelta(minutes=1)
    page = said(visitor.opens(WINDOW))
    check = said(visitor.checks(f"{WINDOW}/act/release", reason="He knows."))

    assert "Awaited from the secretariat" in page
    assert "that seats were told, or need not be" in page
    assert "The same hold comes back at once" in check


@pytest.mark.parametrize(("slug", "warned"), [("register", True), ("respond", False)])
def test_who_registers_without_the_paper_is_warned(
    visitor: Visitor, slug: str, *, warned: bool
) -> None:
    path = f"{WINDOW}/act/{slug}"
    found = visitor.fills(path, kind="objection", channel="letter", received="2026-03-02T13:03")
    found |= {"seat": "east", "seats": "east", "role": "secretariat"}
    found.pop("evidence", None)
    check = visitor.sends(path, found)

    assert 200 == check.status_code
    assert warned == ("No paper or mail is kept with it" in said(check))


def test_an_extension_never_shortens(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/extend"
    answer = visitor.sends(path, visitor.fills(path, closes="2026-03-03T17:00", reason="Soon."))

    assert answer.status_code == 409
    assert "extension-later" in said(answer)
    assert "letter of the President of the General Assembly" in said(answer)
    assert field_values(answer.text)["closes"] == ["2026-03-03T17:00"]


def test_the_clock_stops_and_runs_again(visitor: Visitor) -> None:
    visitor.acts("suspend", reason="To talk.")
    assert visitor.story.phase() == "suspended"

    visitor.acts("resume", length="96 hours")

    assert visitor.story.phase() == "open"


def test_a_length_and_a_deadline_are_not_mixed(visitor: Visitor) -> None:
    visitor.acts("suspend", reason="To talk.")
    path = f"{WINDOW}/act/resume"

    answer = visitor.sends(path, visitor.fills(path))

    assert answer.status_code == 422
    assert "either a length or a deadline" in said(answer)


def test_a_hold_is_ended_by_the_presiding_officer(visitor: Visitor) -> None:
    visitor.acts("hold", role="secretariat", reason="A letter may be under way.")
    assert visitor.story.phase() == "held for review"

    visitor.acts("release", hold="1", reason="It was none.")

    assert visitor.story.phase() == "open"


@pytest.mark.parametrize(
    "about",
    [
        "review",
        "letter",
        "notices",
        "outage",
        "clock",
        "restored backup",
        "incoming mail",
        "mailbox",
    ],
)
def test_a_hold_says_what_it_is_about(visitor: Visitor, about: str) -> None:
    visitor.acts("hold", role="secretariat", reason="Somebody telephoned.", about=about)

    assert [(about, 0)] == [
        (hold.about, hold.response) for hold in visitor.story.state("window/w").holds
    ]


def test_a_hold_about_a_response_ends_with_the_ruling_on_it(visitor: Visitor) -> None:
    visitor.story.respond("unclear", text="Perhaps.")
    visitor.acts("hold", role="secretariat", reason="It is unclear.", about="response 1")
    assert ("response", 1) == (
        visitor.story.state("window/w").holds[0].about,
        visitor.story.state("window/w").holds[0].response,
    )

    visitor.acts("rule", number="1", breaks="no", reason="It asks for nothing.")

    assert () == visitor.story.state("window/w").holds


def test_notices_are_recorded_by_hand(visitor: Visitor) -> None:
    visitor.acts(
        "notices", role="secretariat", seats=["east"], result="failed", reason="It came back."
    )
    assert "notice failed" in visitor.window()
    visitor.acts("notices", role="secretariat", seats=["east"], result="waived", reason="Agreed.")

    assert not visitor.story.state("window/w").unreached_seats


def test_a_withdrawn_objection_stays_on_record(visitor: Visitor) -> None:
    visitor.acts("respond", seat="east", kind="objection")
    visitor.acts("withdraw-objection", seat="east", number="1")

    assert visitor.story.phase() == "broken"
    assert "withdrawn" in visitor.window()


def test_who_withdrew_from_a_joint_answer_is_shown(visitor: Visitor) -> None:
    """The seat that stands by it is the only one that is shown to wait for a ruling."""
    visitor.story.do("respond", window="w", kind="unclear", seats=["east", "west"])
    visitor.story.do("withdraw objection", who="seat east", window="w", number=1)
    shown = visitor.window()

    assert "withdrawn: East" in shown
    assert "East memberanswered without objecting" in shown
    assert "West memberwaits for a ruling" in shown


def test_a_procedure_does_not_follow_itself(visitor: Visitor) -> None:
    path = f"{WINDOW}/act/supersede"
    answer = visitor.sends(path, visitor.fills(path, reason="New text.", by="w"))

    assert 409 == answer.status_code
    assert "window w does not follow itself" in said(answer)


def test_who_names_a_successor_that_is_not_there_is_told(visitor: Visitor) -> None:
    """It may be opened later, so it is no fault; one that is there is named without a word."""
    visitor.story.silence(window="v")
    path = f"{WINDOW}/act/supersede"
    missing, there = (
        said(visitor.checks(path, reason="New text.", by=name)) for name in ("u", "v")
    )

    assert "No procedure has the id u so far. Is it written right?" in missing
    assert "No procedure has the id" not in there


def test_a_superseded_text_has_no_outcome(visitor: Visitor) -> None:
    """Nothing is open until a deadline any more."""
    visitor.story.do("supersede silence", who="presiding officer", window="w", reason="New text.")
    shown = visitor.window()

    assert "no outcome" in shown
    assert "open until the deadline" not in shown


def test_an_approval_that_is_suspended_needs_two_persons(visitor: Visitor) -> None:
    end = visitor.story.state("window/w").closes.latest
    visitor.story.clock((end + timedelta(seconds=121)).isoformat())
    visitor.clock.at = visitor.story.now + timedelta(minutes=1)
    shown = visitor.acts(
        "register",
        role="secretariat",
        seats="east",
        kind="objection",
        received="2026-03-02T14:00",
        channel="letter",
    )
    assert "found after the close" in said(shown)
    path = f"{WINDOW}/act/rule"

    alone = visitor.sends(path, visitor.fills(path, number="1", breaks="yes", reason="It does."))
    assert alone.status_code == 409
    assert "two-persons" in said(alone)

    visitor.acts("rule", number="1", breaks="yes", reason="It does.", second="Vice-President")
    assert visitor.story.phase(visitor.clock.at) == "broken"


def offered(visitor: Visitor) -> set[str]:
    """The acts that the page of the window offers."""
    page = parsed(visitor.opens(WINDOW).text)
    found = page.xpath("//nav[contains(@class, 'acts')]//a/@href")
    return {re.sub(r".*/act/", "", entry) for entry in found}


def test_a_window_offers_what_makes_sense_in_its_phase(visitor: Visitor) -> None:
    always = {"respond", "register", "notices", "repeat-notices"}
    assert always | {"extend", "suspend", "hold", "supersede"} == offered(visitor)
    visitor.acts("suspend", reason="To talk.")
    assert always | {"resume", "hold", "supersede"} == offered(visitor)
    visitor.acts("resume", length="96 hours")
    visitor.acts("respond", seat="east", kind="objection")
    follow_up = {"announce", "refer", "decide", "announce-revision"}
    assert always | {"withdraw-objection"} | follow_up == offered(visitor)


def test_history_takes_no_acts(story: Story) -> None:
    story.tell("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
    story.tell("open silence", window="w", body="b", subject={"type": "decision text"})
    visitor = Visitor(story)

    assert offered(visitor) == set()
    assert visitor.client.get(f"{WINDOW}/act/respond").status_code == 404


@pytest.mark.parametrize("path", [f"{WINDOW}/act/unheard-of", "/windows/fictional/x/act/respond"])
def test_unknown_forms_are_not_there(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(path).status_code == 404
    assert visitor.sends(path, {}).status_code == 404


# --- Opening and relaunching ----------------------------------------------------------------------

OPEN = f"/open/{ORGANISATION}"
NOTIFIED = {
    "role": "secretariat",
    "window": "buoys",
    "body": "b",
    "type": "decision text",
    "title-en": "Painting the buoys",
    "text-en": "The buoys shall be red.",
}


def test_a_silence_procedure_is_opened_after_its_deadline_was_shown(visitor: Visitor) -> None:
    visitor.story.do("complete body", body="b", duty_station="Vienna")
    check = visitor.checks(OPEN, **NOTIFIED, length="96 hours")

    assert "plus 96 hours of elapsed time" in said(check)
    assert "Working days cannot be counted" in said(check)
    assert "2 seats will be asked." in said(check)
    done = visitor.confirms(OPEN, check)
    assert done.status_code == 303
    opened = visitor.story.state("window/buoys")
    assert ("96 hours", {"en": "Painting the buoys"}) == (
        opened.terms.length,
        opened.subject.titles,
    )


def test_what_is_too_short_needs_a_waiver_with_its_reason(visitor: Visitor) -> None:
    refused = visitor.sends(OPEN, visitor.fills(OPEN, **NOTIFIED, length="24 hours"))
    assert refused.status_code == 409
    assert "silence-minimum-length" in said(refused)

    values = field_values(refused.text) | {"waive-silence-minimum-length": "The sea will not wait."}
    check = visitor.sends(OPEN, values)

    assert "This departs from the rule silence-minimum-length" in said(check)
    assert visitor.confirms(OPEN, check).status_code == 303


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"window": "Not An Id"}, "Small letters"),
        ({"window": "w"}, "exists already"),
        ({"threshold": "none"}, "A number from 1"),
        ({"length": "96", "closes": "2026-04-01T12:00"}, "either a length or a deadline"),
        ({"closes": "2026-03-29T02:30"}, "does not exist"),
        ({"closes": "2026-02-01T12:00"}, "before it opens"),
        ({"text-en": ""}, "none was given"),
        ({"length": "some hours"}, "length"),
        ({"body": ""}, "This is needed."),
    ],
)
def test_openings_that_cannot_be_are_sent_back(
    visitor: Visitor, values: dict[str, str], because: str
) -> None:
    answer = visitor.sends(OPEN, visitor.fills(OPEN, **(NOTIFIED | values)))

    assert answer.status_code in {409, 422}
    assert because in said(answer)
    assert facts(visitor) == ["opened"]


def test_a_check_page_shows_the_end_that_was_given_and_no_length(visitor: Visitor) -> None:
    values = visitor.fills(OPEN, **NOTIFIED | {"closes": "2026-04-01T12:00"})
    check = said(visitor.sends(OPEN, values))
    assert "Or until when" in check
    assert "How long" not in check
    assert "How long" in said(visitor.sends(OPEN, visitor.fills(OPEN, **NOTIFIED)))


def test_a_text_that_is_too_long_is_called_so(visitor: Visitor) -> None:
    """Nobody is told of a file who sent none."""
    answer = visitor.sends(f"{WINDOW}/act/respond", {"text": "x" * 2_000_000})
    assert 413 == answer.status_code
    assert "A text is too long, or a paper is larger than 15 MB." in said(answer)


def test_a_long_text_is_given_back_with_what_is_wrong(visitor: Visitor) -> None:
    """As long as the form is read at all; beyond that the browser has it."""
    path, text = f"{WINDOW}/act/respond", "word " * 60_000
    answer = visitor.sends(path, visitor.fills(path, seat="east", kind="unclear", text=text))
    form = visitor.follows(answer)

    assert "at most 20,000 characters can be taken" in said(form)
    assert text.strip() == field_values(form.text)["text"][0].strip()


def test_the_check_page_of_an_opening_shows_the_items_that_will_be_frozen(story: Story) -> None:
    story.body()
    story.agenda()
    story.do("submit items", agenda="a", items=["1", "2", "9"], to="b")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor = Visitor(story)
    values = {"role": "secretariat", "window": "w2", "type": "agenda items", "agenda": "a"}
    check = visitor.checks(f"{OPEN}/a", **values)
    (frozen,) = parsed(check.text).xpath("//section[@aria-labelledby='frozen']")

    assert "Item 1" in frozen.text_content()
    assert story.state("agenda/a").text_hash in frozen.text_content()


def test_the_length_of_the_rules_stands_in_the_form_as_a_number_and_a_unit(
    visitor: Visitor,
) -> None:
    values = visitor.fills(OPEN, **NOTIFIED)
    assert (["72"], ["hours"]) == (values["length"], values["length-unit"])

    opened = visitor.confirms(OPEN, visitor.sends(OPEN, values))

    assert opened.status_code == 303
    assert "72 hours" == visitor.story.state("window/buoys").terms.length


def test_a_length_that_nobody_changed_gives_way_to_an_end(visitor: Visitor) -> None:
    """What the form offered was not said by those who give an end."""
    check = visitor.checks(OPEN, **NOTIFIED, closes="2026-04-01T12:00")

    assert visitor.confirms(OPEN, check).status_code == 303
    assert "" == visitor.story.state("window/buoys").terms.length


def test_where_bodies_have_different_lengths_only_a_unit_is_offered(visitor: Visitor) -> None:
    story = visitor.story
    story.do("establish body", body="c", names={"en": "Other"}, zone="Europe/Vienna")
    longer = {"silence-minimum-length.length": "10 days"}
    story.do("adopt rule pack", body="c", pack="generic", parameters=longer)
    story.do("fill seat", body="c", seat="north", holder="North", since="2026-01-01")

    values = visitor.fills(OPEN)

    assert ([""], ["hours"]) == (values["length"], values["length-unit"])


def test_all_that_is_wrong_with_an_opening_is_said_at_once(visitor: Visitor) -> None:
    """Also where the body is missing, on which the zone of a deadline depends."""
    wrong = {"window": "Not An Id", "body": "", "threshold": "none", "closes": "2026-04-01T12:00"}
    answer = visitor.sends(OPEN, visitor.fills(OPEN, **(NOTIFIED | wrong | {"length": "1 hour"})))

    assert 422 == answer.status_code
    for fault in (
        "Id of the procedure: Small letters",
        "Who is asked: This is needed.",
        "How many objections break it: ",
        "How long: Give either a length or a deadline.",
    ):
        assert fault in said(answer)


def test_submitted_items_come_under_silence_whole(story: Story) -> None:
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    visitor = Visitor(story)
    values = NOTIFIED | {"type": "agenda items", "agenda": "a", "text-en": "", "by_item": "yes"}

    assert visitor.confirms(OPEN, visitor.checks(OPEN, **values)).status_code == 303
    assert story.state("window/buoys").subject.items == ("1", "2", "9")


def test_a_relaunch_shows_what_changed(visitor: Visitor) -> None:
    visitor.acts("respond", seat="east", kind="amendment", wording="The body shall decide.")
    values = NOTIFIED | {"text-en": "The body has decided.", "relaunch_of": "w"}
    visitor.confirms(OPEN, visitor.checks(OPEN, **values))

    page = parsed(visitor.opens(f"/windows/{ORGANISATION}/buoys").text)

    for words in page.xpath("//*[@class='unseen']"):
        words.drop_tree()
    [representation] = visitor.opens(f"/windows/{ORGANISATION}/buoys.json").json()["changed"]
    assert ("The body decides.", "The body has decided.") == (
        representation["before"],
        representation["after"],
    )
    assert ["decides"] == [node.text_content() for node in page.xpath("//del")]
    assert ["has decided"] == [node.text_content() for node in page.xpath("//ins")]


def test_the_titles_under_silence_are_shown_in_their_languages(story: Story) -> None:
    story.body()
    story.agenda()
    changed = {"titles": {"en": "The buoys", "fr": "Les bouées"}, "reason": "Asked for."}
    story.do("amend item", agenda="a", item="2", **changed)
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    story.do("open silence", window="w", body="b", subject=subject)
    visitor = Visitor(story)
    representation = visitor.opens(f"{WINDOW}.json").json()

    assert {"en": "The buoys", "fr": "Les bouées"} == representation["items"]["2"]
    assert "Les bouées" in visitor.window()


def test_a_relaunched_agenda_shows_the_titles_that_changed(story: Story) -> None:
    story.body()
    story.agenda()
    story.do("submit items", agenda="a")
    subject = {"type": "agenda items", "agenda": "a"}
    story.do("open silence", window="w", body="b", subject=subject)
    story.respond("objection")
    changed = {"titles": {"en": "Item two"}, "reason": "Asked for."}
    story.do("amend item", agenda="a", item="2", **changed)
    story.do("submit items", agenda="a")
    story.do("open silence", window="again", body="b", subject=subject, relaunch_of="w")

    page = Visitor(story).opens(f"/windows/{ORGANISATION}/again").text

    assert "What changed" in page
    section = parsed(page).xpath("//*[@aria-labelledby='changed']")[0]
    assert len(section.xpath(".//blockquote")) == 1


# --- What the next meeting must note --------------------------------------------------------------


def test_an_outcome_waits_until_a_meeting_has_noted_it(visitor: Visitor) -> None:
    path = f"/outstanding/{ORGANISATION}"
    assert "Nothing waits to be noted." in said(visitor.opens(path))
    visitor.acts("respond", seat="east", kind="objection")
    visitor.acts("announce", role="presiding officer", manner="letter")
    assert "not approved, silence broken" in said(visitor.opens(path))
    [listed] = visitor.opens(f"{path}.json").json()["outstanding"]
    assert ("w", {"whole": "broken"}) == (listed["window"], listed["outcome"])

    visitor.acts("announce", role="secretariat", manner="noted at a meeting", note="A/1, para. 2")

    assert "Nothing waits to be noted." in said(visitor.opens(path))


def test_a_ruling_stands_with_the_response_that_it_is_on(visitor: Visitor) -> None:
    """Who ruled, with whom, why and when: on the page and in its JSON."""
    visitor.story.clock("2026-03-06T12:00:00Z")
    visitor.story.do(
        "respond", window="w", kind="objection", seats=["east"], received="2026-03-05T12:00:00Z"
    )
    visitor.story.do(
        "rule on response",
        who="presiding officer",
        window="w",
        number=1,
        breaks=False,
        reason="It came by another channel.",
        second="the Rapporteur",
    )
    shown = visitor.window()
    (representation,) = visitor.opens(f"{WINDOW}.json").json()["window"]["responses"]

    assert "does not break the silence, or did not come in time. It came by another" in shown
    assert "presiding officer · Second person: the Rapporteur" in shown
    assert "presiding officer" == representation["ruling"]["by"]["role"]
    assert ("the Rapporteur", "It came by another channel.") == (
        representation["ruling"]["second"],
        representation["ruling"]["reason"],
    )
    assert representation["ruling"]["when"].startswith("2026-03-06T12:02")


def test_beside_the_state_of_a_seat_stands_what_else_came_from_it(visitor: Visitor) -> None:
    """Late, withdrawn, not to be counted: a seat that answered so was not merely silent."""
    visitor.story.do("record notices", window="w", seats=["east", "west"], result="delivered")
    visitor.story.respond("objection", text_hash="0" * 64)
    visitor.story.at("2026-03-06T12:00:00Z")
    visitor.story.respond("objection", "west")
    shown = visitor.window()
    representation = visitor.opens(f"{WINDOW}.json").json()

    assert "notified, silent Response 1: objection (cannot count)" in shown
    assert "notified, silent Response 2: objection (late, without effect)" in shown
    assert [[1], [2]] == [entry["beside"] for entry in representation["seats"]]


def test_a_failure_that_was_waived_is_shown_as_waived(visitor: Visitor) -> None:
    failure = {"window": "w", "seats": ["east"], "reason": "the mission is closed"}
    visitor.story.do("record notices", result="failed", **failure)
    before = visitor.window()
    visitor.story.do("record notices", result="waived", **failure)

    assert "notice failed, waived" not in before
    assert "notice failed, waived" in visitor.window()


def test_an_objection_that_cannot_count_is_flagged_and_goes_to_the_meeting(
    visitor: Visitor,
) -> None:
    """It was received, so nobody says that none was."""
    visitor.story.respond("objection", text="Not red.", text_hash="0" * 64)
    flagged = visitor.window()
    visitor.clock.at = datetime.fromisoformat("2026-03-06T12:00:00Z")
    visitor.story.clock("2026-03-06T12:00:00Z")
    visitor.placet.projections.follow()
    listed = said(visitor.opens(f"/outstanding/{ORGANISATION}"))
    representation = visitor.opens(f"/outstanding/{ORGANISATION}.json").json()

    assert "no objection received" not in flagged + visitor.window()
    assert "no objection that counts was received objections that do not count: 1" in flagged
    assert "Response 1 came in time and may be an objection, but cannot count" in flagged
    assert "Came in time and could not count, for the meeting" in listed
    assert "text-under-silence" in listed
    assert [1] == [entry["number"] for entry in representation["outstanding"][0]["cannot_count"]]


def test_what_came_too_late_goes_to_the_meeting(visitor: Visitor) -> None:
    end = visitor.story.state("window/w").closes.latest
    visitor.clock.at = end + timedelta(seconds=1)
    visitor.acts("respond", seat="east", kind="objection", text="Not in red.")
    visitor.story.clock((end + timedelta(seconds=200)).isoformat())
    visitor.clock.at = visitor.story.now

    shown = said(visitor.opens(f"/outstanding/{ORGANISATION}"))

    assert "Came too late, for the meeting" in shown
    assert "Not in red." in shown
    assert "for the next meeting to note" in said(visitor.opens("/"))
