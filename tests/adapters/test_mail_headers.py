"""What stands in the headers of letters reads back as it was written, by any reader."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import unquote as unquote_mail
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.mail.message import format_letter
from domain.ports.mail import Letter
from smtp_server import Server, mail_server

KNOWN = {
    "en": "Under silence until 13:05:00 on Thursday 5 March 2026, Europe/Vienna: Agenda of the"
    " fifteenth meeting of the Working Group on Painting Buoys Red (resumed)",
    "fr": "Fin de la procédure d’approbation tacite : ordre du jour provisoire de la 15ᵉ réunion,"
    " « Élection du Bureau » — point 3 à l’étude",
    "es": "15ª reunión",
    "ru": "Возобновление отсчёта времени до 13:05:00, четверг, 5 марта 2026 года: предварительная"
    " повестка дня пятнадцатого совещания",
    "zh": "默许程序至2026年3月5日星期四13:05:00（Europe/Vienna）：第十五届会议临时议程",
    "ar": "قيد الصمت حتى 13:05:00 الخميس 5 آذار/مارس 2026، Europe/Vienna: جدول الأعمال المؤقت"
    " للاجتماع الخامس عشر (الدورة المستأنفة)",
}
ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz ABC 0123456789 .,:;!?()[]<>@=_\"'/\\-#$%&*+{}|~^`",
    "fr": "abcdefghijklm éèêëàâçîïôùûœÉÀ «»’—\u00a0\u202f 0123456789 :;!?()=_",
    "es": "abcdefghijklm áéíóúñü ¿?¡!ªº «» 0123456789 :=_",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя АБВ №«»— 0123456789 :=_",
    "zh": "默许程序至年月日星期四第十五届会议临时议程（）：，。 \u3000 0123456789 abc =_",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ\u064b\u064e\u0651، ؛؟ 0123456789 abc :=_()\u200f",
}


@st.composite
def headings(draw: st.DrawFn) -> str:
    """Words of a language, short and long, with blanks between them and now and then doubled."""
    alphabet = ALPHABETS[draw(st.sampled_from(sorted(ALPHABETS)))]
    return draw(
        st.text(alphabet=st.sampled_from(alphabet), max_size=draw(st.sampled_from([20, 400])))
    )


ANYTHING = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"),
    max_size=120,
)


def letter(subject: str, **fields: object) -> Letter:
    """A letter with this subject."""
    given = {
        "key": "0" * 40,
        "to": ["north@example.org"],
        "text": "Text.\n",
        "language": "fr",
        "at": datetime(2026, 3, 2, 12, tzinfo=UTC),
    }
    return Letter(subject=subject, **(given | fields))  # type: ignore[arg-type]


def raw(content: bytes, name: str) -> str:
    """The value of a header, unfolded as RFC 5322, 2.2.3 says."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    found = re.search(rf"^{name}: ([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", head, re.MULTILINE)
    assert found
    return re.sub(r"\r\n(?=[ \t])", "", found[1])


def decoded(value: str) -> str:
    """Encoded words as RFC 2047 has them: what is between two of them is no text (6.2)."""
    word = r"=\?([^?\s]+)\?([bBqQ])\?([^?\s]*)\?="
    joined = re.sub(rf"({word})[ \t]+(?==\?)", r"\1", value)
    return re.sub(word, lambda found: _of_word(*found.groups()), joined)


def _of_word(charset: str, coding: str, text: str) -> str:
    if coding in "bB":
        return b64decode(text, validate=True).decode(charset)
    return unquote(text.replace("_", " ").replace("%", "%25").replace("=", "%"), charset, "strict")


def readings(content: bytes) -> Iterator[str]:
    """The subject as three readers read it, of which the last knows nothing of the others."""
    yield str(message_from_bytes(content, policy=default)["Subject"])
    old = message_from_string(content.decode("ascii"))["Subject"]
    yield str(make_header(decode_header(old)))
    yield decoded(raw(content, "Subject"))


@pytest.mark.parametrize("language", KNOWN)
def test_a_heading_of_each_language_reads_back(language: str) -> None:
    content = format_letter(letter(KNOWN[language]), "placet@example.org")

    assert [KNOWN[language]] * 3 == list(readings(content))


@settings(max_examples=600)
@given(headings() | ANYTHING)
def test_every_subject_reads_back_blank_for_blank(subject: str) -> None:
    """Also one of blanks alone, or one that looks as if it were encoded."""
    content = format_letter(letter(subject), "placet@example.org")

    assert [subject] * 3 == list(readings(content))


@settings(max_examples=300)
@given(headings() | ANYTHING)
def test_no_line_of_a_header_is_longer_than_it_may_be(subject: str) -> None:
    """An encoded word has at most 75 characters, and its line 76; each is whole by itself."""
    content = format_letter(letter(subject), "placet@example.org")
    lines = content.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    words = re.findall(r"=\?\S+\?=", raw(content, "Subject"))

    assert [] == [text_line for text_line in lines if len(text_line) > 76]
    assert [] == [word for word in words if len(word) > 75 and word not in subject]


def test_what_would_end_a_line_is_a_blank() -> None:
    content = format_letter(letter("One\r\nBcc: two@example.org\u2028three"), "placet@example.org")

    assert ["One Bcc: two@example.org three"] * 3 == list(readings(content))
    assert b"\r\nBcc" not in content


@settings(max_examples=300)
@given(
    (headings() | ANYTHING).map(str.strip).filter(lambda name: name and name == unquote_mail(name))
)
def test_the_name_of_an_attachment_reads_back(name: str) -> None:
    """Blanks around a name are no part of it to any reader; quotes and brackets not to Python's."""
    content = format_letter(letter("One", attached={name: "Text."}), "placet@example.org")
    parsed = message_from_bytes(content, policy=default)
    assert isinstance(parsed, EmailMessage)
    (attached,) = parsed.iter_attachments()

    assert "attachment" == attached.get_content_disposition()
    assert name == attached.get_filename()
    assert "Text." == attached.get_content()


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_an_attached_text_keeps_every_byte(text: str) -> None:
    content = format_letter(letter("One", attached={"one.txt": text}), "placet@example.org")
    parsed = message_from_bytes(content)
    payloads = [node.get_payload(decode=True) for node in parsed.walk() if not node.is_multipart()]

    assert text.encode() == payloads[1]


def test_headings_arrive_over_a_mail_server_as_they_were_written() -> None:
    with mail_server() as server:
        arrived = [_sent(server, entry) for entry in KNOWN.values()]

    assert list(KNOWN.values()) == arrived


def _sent(server: Server, subject: str) -> str:
    manner = server.transport()
    assert "accepted" == manner.send(letter(subject)).state
    manner.close()
    return str(server.letters[-1]["Subject"])
