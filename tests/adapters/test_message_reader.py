"""Messages as strangers write them: whatever is wrong with one, it is read as far as it goes."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from adapters.mail import message_reader
from adapters.mail.message_parts import LISTED, LONGEST_LINE
from adapters.mail.message_reader import LONGEST_TEXT


def test_a_plain_message_is_what_it_says() -> None:
    message = EmailMessage()
    message["From"] = "Vertretung Österreich <Mission@Example.org>"
    message["To"] = "Answers <answers+0123456789ab@example.org>"
    message["Subject"] = "Réponse de la délégation: نعترض"
    message["Message-ID"] = "<a@example.org>"
    message["In-Reply-To"] = "<letter@placet.example>"
    message["References"] = "<first@placet.example> <letter@placet.example>"
    message.set_content("We object.\n\nنعترض على النص\n")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="ноٹ.pdf")
    summary = message_reader.summarize(message.as_bytes())
    content = message_reader.read(message.as_bytes())

    assert ("mission@example.org", "Vertretung Österreich") == (summary.sender, summary.sender_name)
    assert ("Réponse de la délégation: نعترض", "message", ()) == (
        summary.subject,
        summary.kind,
        summary.faults,
    )
    assert ("<letter@placet.example>", "<first@placet.example>") == summary.references
    assert ("answers+0123456789ab@example.org",) == summary.recipients
    assert "We object.\n\nنعترض على النص" == content.text
    assert [("ноٹ.pdf", "application/pdf", 4)] == [
        (each.name, each.type, each.size) for each in content.attachments
    ]


def test_a_header_in_plain_utf_8_is_read_too() -> None:
    """As programs write it that know RFC 6532, and as some write it that do not."""
    summary = message_reader.summarize("From: a@b.example\r\nSubject: Über\r\n\r\n".encode())
    assert "Über" == summary.subject


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"no header at all",
        b"From\r\n\r\n",
        b"From: <<<>>>@@\r\nSubject: =?utf-8?b?%%%?= =?nonsense?q?=ff?=\r\n\r\nx",
        b'From: a@b.c\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nhalf',
        b"From: a@b.c\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: a@b.c\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xe9t\xe9",
        b"From: a@b.c\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%not base64%%%",
        (
            b"From: a@b.c\r\nContent-Type: multipart/report; report-type=delivery-status;"
            b' boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\r\n--b--'
        ),
        (
            b"From: a@b.c\r\nContent-Disposition: attachment; filename*0*=utf-8''%ff; "
            b"filename*2=x\r\n\r\nx"
        ),
        b"Received: ; ; ; by\r\nReceived: by mx; Mon, 99 Foo 2026\r\n\r\n",
        b"From: a@b.c\r\nContent-Type: message/rfc822\r\n\r\nFrom: d@e.f\r\n\r\nwithin",
    ],
)
def test_what_is_broken_is_read_as_far_as_it_goes(content: bytes) -> None:
    summary, shown = message_reader.summarize(content), message_reader.read(content)
    assert summary.kind in {"message", "automatic answer"}
    summary.subject.encode()
    shown.text.encode()


def test_a_message_in_a_thousand_shells_is_said_to_be_broken() -> None:
    shells = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
        for n in range(3000)
    )
    content = b"From: a@b.example\r\nSubject: deep\r\n" + shells + b"\r\nWe object."
    summary = message_reader.summarize(content)

    assert ("deep", "a@b.example") == (summary.subject, summary.sender)
    assert summary.faults
    message_reader.read(content)


def test_huge_headers_and_many_parts_are_shown_within_bounds() -> None:
    parts = b"".join(
        b'--b\r\nContent-Disposition: attachment; filename="%d"\r\n\r\nx\r\n' % n
        for n in range(2000)
    )
    content = (
        b"From: a@b.example\r\nSubject: " + b"long " * 200_000 + b"\r\n"
        b"References: " + b"<x@y> " * 50_000 + b"\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts + b"--b--\r\n"
    )
    summary, shown = message_reader.summarize(content), message_reader.read(content)

    assert len(summary.subject) <= LONGEST_LINE + 1
    assert (LISTED, 2000) == (len(shown.attachments), shown.attachment_count)
    text = b"From: a@b.example\r\n\r\n" + b"word " * LONGEST_TEXT
    assert (LONGEST_TEXT, True) == (
        len(message_reader.read(text).text),
        message_reader.read(text).shortened,
    )


def test_html_alone_is_shown_as_its_words() -> None:
    content = (
        b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<html><head><title>x</title></head>"
        b"<style>p {}</style><p>We <b>object</b> &amp; ask.</p><script>alert(1)</script>"
    )
    shown = message_reader.read(content)
    assert ("We object & ask.", True) == (shown.text, shown.from_html)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<P>one<br>two</P>", "one\ntwo"),
        ("<SCRIPT>x</SCRIPT>one <!-- <p>no</p> --> two", "one  two"),
        ("<style>x", "x"),
        ("one<!-- never closed", "one<!-- never closed"),
        ("İ<title>x</title>one &lt;b&gt; &amp;", "İone <b> &"),
        ("a < b", "a < b"),
    ],
)
def test_words_are_taken_out_of_html(page: str, words: str) -> None:
    content = f"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    assert words == message_reader.read(content).text


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: multipart/mixed" + b";" * 2_000_000 + b"\r\n\r\nx",
        b"Content-Type: text/html\r\n\r\n" + b"<a " * 300_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 300_000,
        b"From: " + b"(" * 1_000_000 + b"\r\n\r\nx",
    ],
    ids=["parameters", "tags", "remarks", "parentheses"],
)
def test_what_would_keep_a_parser_busy_for_hours_is_read(content: bytes) -> None:
    message_reader.summarize(content)
    message_reader.read(content)


def test_marks_that_could_steer_a_terminal_are_taken_out() -> None:
    content = b"From: a@b.example\r\nSubject: a\x1b[31mb\r\n\r\nred\x1b[31m and \x00 nothing"
    assert "\x1b" not in message_reader.summarize(content).subject
    assert {"\x1b", "\x00"}.isdisjoint(message_reader.read(content).text)


def test_the_uppermost_trace_line_stands_first() -> None:
    content = (
        b"Received: from a by mx.example.org (Postfix) with ESMTPS id 1\r\n"
        b"\tfor <x@example.org>; Mon, 2 Mar 2026 13:00:05 +0100 (CET)\r\n"
        b"Received: by mail.mission.example; Mon, 2 Mar 2026 11:59:00 -0000\r\n\r\n"
    )
    first, second = message_reader.summarize(content).trace
    assert ("mx.example.org", datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)) == (first.by, first.at)
    assert "mail.mission.example" == second.by


def test_a_report_says_for_each_recipient_what_became_of_the_letter() -> None:
    content = (
        b"From: MAILER-DAEMON@example.org\r\n"
        b'Content-Type: multipart/report; report-type="delivery-status"; boundary="b"\r\n\r\n'
        b"--b\r\n\r\nfor people\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx\r\n\r\n"
        b"Original-Recipient: rfc822;East@Example.org\r\n"
        b"Final-Recipient: RFC822; east-box@inner.example\r\n"
        b"Action: failed\r\nStatus: 5.2.2 (full)\r\n\r\n"
        b"Final-Recipient: rfc822; west@example.org\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ab@placet>\r\n\r\nDear\r\n--b--"
    )
    summary = message_reader.summarize(content)
    assert "delivery report" == summary.kind
    assert [
        ("east-box@inner.example", "east@example.org", "failed", "5.2.2"),
        ("west@example.org", "", "delayed", "4.4.1"),
    ] == [(each.address, each.original, each.action, each.status) for each in summary.reports]
    assert ("<ab@placet>",) == summary.references


@pytest.mark.parametrize(
    ("value", "server", "results"),
    [
        ("mx.example.org; dkim=pass header.d=a.example", "mx.example.org", "dkim=pass"),
        ("(ours) MX.Example.org 1 ;\r\n spf=fail", "mx.example.org", "spf=fail"),
        ("mx.example.org (Postfix) 1; none", "mx.example.org", "none"),
        ('"mx.example.org"; dmarc=pass', "mx.example.org", "dmarc=pass"),
        ("mx.example.org", "mx.example.org", ""),
        ("mx.example.org.evil.example; dkim=pass", "mx.example.org.evil.example", "dkim=pass"),
        ("mx.example.org 2; dkim=pass", "", ""),
        ("evil.example mx.example.org; dkim=pass", "", ""),
        ("; dkim=pass", "", ""),
        ("(" * 10_000, "", ""),
    ],
)
def test_results_of_authentication_say_which_server_wrote_them(
    value: str, server: str, results: str
) -> None:
    """RFC 8601, 2.2: comments, another version, and a name that only begins like ours."""
    found = message_reader.read(
        f"Authentication-Results: {value}\r\n\r\nNo.".encode()
    ).authentication

    assert [server] * bool(server) == [each.server for each in found]
    assert all(each.results.startswith(results) for each in found)
