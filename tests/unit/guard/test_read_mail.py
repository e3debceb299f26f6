from __future__ import annotations

import json
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from guardfake import SECRET, judge, of
from guardpages import parts_of, pdf, run, word


def letter(subject="A note", text="Fine.", **more):
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, "a@example.org", "b@example.org"
    made.set_content(text)
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    return made


def read(tmp_path, made, judging=None):
    (tmp_path / "a.eml").write_bytes(made.as_bytes() if isinstance(made, EmailMessage) else made)
    done, out = of(tmp_path / "a.eml", judging)
    return done, message_from_bytes(out, policy=policy.default)


def contents(message):
    """Every text of a message, decoded, with its headers."""
    found = [str(value) for value in message.values()]
    for part in message.walk():
        found += [str(value) for value in part.values()]
        if not part.is_multipart():
            data = part.get_payload(decode=True) or b""
            found.append(
                "".join(parts_of(data).values()) if data.startswith(b"PK") else data.decode("utf-8", "replace")
            )
    return "\n".join(found)


def test_headers_and_parts_are_read_whatever_they_are_written_in(tmp_path):
    made = letter(f"Re: {SECRET}", SECRET, X_Note=SECRET)
    made.add_alternative(f"<p>She is <b>quux</b> now</p><!-- {SECRET} -->", subtype="html", cte="base64")
    done, out = read(tmp_path, made)
    assert "quux" not in contents(out)
    assert sum(done.counts.values()) == 5
    assert out["From"] == "a@example.org"


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize("cte", ["base64", "quoted-printable"])
def test_a_part_is_read_in_its_own_encoding(tmp_path, charset, cte):
    made = letter()
    made.set_content(f"Nació allí. {SECRET}", charset=charset, cte=cte)
    _, out = read(tmp_path, made)
    assert out.get_content().strip() == "Nació allí. She █████████████████."


def test_attachments_of_known_kinds_are_redacted_in_their_place(tmp_path):
    made = letter()
    made.add_attachment(
        word(f"<w:p>{run(SECRET)}</w:p>"), maintype="application", subtype="octet-stream", filename="a.docx"
    )
    made.add_attachment(pdf([SECRET]), maintype="application", subtype="pdf", filename="a.pdf")
    made.add_attachment(f"a,b\n1,{SECRET}\n", subtype="csv", filename="a.csv")
    made.add_attachment(letter(SECRET, SECRET))
    done, out = read(tmp_path, made)
    assert "quux" not in contents(out) and not done.skips
    assert sum(done.counts.values()) == 5
    assert [part.get_filename() for part in out.iter_attachments()] == ["a.docx", "a.pdf.txt", "a.csv", None]


def test_an_attachment_of_another_kind_is_noted_and_left_out(tmp_path):
    made = letter()
    made.add_attachment(SECRET.encode(), maintype="application", subtype="x-tool", filename="a.bin")
    done, out = read(tmp_path, made)
    assert done.skips == [("part 2", "an attachment of type application/x-tool, which is not read")]
    assert "quux" not in contents(out) and "left out" in contents(out)


def test_the_name_of_an_attachment_is_read(tmp_path):
    made = letter()
    made.add_attachment("fine", filename="She is quux.txt")
    _, out = read(tmp_path, made)
    assert [part.get_filename() for part in out.iter_attachments()] == ["attachment-2.txt"]


def test_an_address_that_gives_status_away_is_kept_apart(tmp_path):
    made = letter()
    del made["From"]
    made["From"] = '"N123456 desk" <a@example.org>'
    _, out = read(tmp_path, made)
    assert "N123456" not in contents(out)


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"no header at all", b"Subject: x\nContent-Type: multipart/mixed\n\nbody", b"\xff\xfe"]
)
def test_a_message_of_odd_form_is_read_or_refused(tmp_path, data):
    done, _ = read(tmp_path, data)
    assert not done.counts


def test_a_mailbox_is_read_message_by_message(tmp_path):
    box = b"".join(
        b"From x Thu Jan  1 00:00:00 1970\n" + letter(subject, text).as_bytes() + b"\n"
        for subject, text in (("one", SECRET), ("two", "From here on.\nFine."), (SECRET, "three"))
    )
    (tmp_path / "a.mbox").write_bytes(box)
    done, out = of(tmp_path / "a.mbox")
    assert b"quux" not in out and out.count(b"\nFrom x") == 2
    assert [json.loads(line)["place"] for line in done.review] == [
        "message 1, part 1, line 1",
        "message 3, header Subject",
    ]


def test_quarantine_takes_a_message_out_of_a_mailbox(tmp_path):
    box = (
        b"From x Thu Jan  1 00:00:00 1970\nSubject: a\n\n"
        + SECRET.encode()
        + b"\n\nFrom x Thu Jan  1 00:00:00 1970\nSubject: b\n\nfine\n"
    )
    (tmp_path / "a.mbox").write_bytes(box)
    done, out = of(tmp_path / "a.mbox", judge("quarantine"))
    assert b"quux" not in out and b"fine" in out and len(done.aside) == 1
