"""Letters on their way: one message handed to the mail server of the operator."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

ANSWERS = 20.0  # seconds within which the server answers
HERE = {"localhost", "127.0.0.1", "::1"}


def is_set_up() -> bool:
    """Say whether this forum can send mail."""
    return bool(current_app.config["SMTP_URL"])


def link(endpoint: str, **values: Any) -> str:
    """Return the public address of a page, for a letter: there is no request that would tell it."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['URL'].rstrip('/')}{path}"


def message(to: str, subject: str, text: str, *, name: str, language: str, **headers: str) -> EmailMessage:
    """Return a letter in plain text. `name`: the same for the same letter, should it be sent twice.

    `headers`: more of them, with `_` for `-`.
    """
    server = urlsplit(current_app.config["SMTP_URL"])
    host = urlsplit(current_app.config["URL"]).hostname
    made = EmailMessage()
    made["From"] = parse_qs(server.query).get("from", [f"noreply@{host}"])[0]
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = formatdate()
    made["Message-ID"] = f"<{name}@{host}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = language
    for header, value in headers.items():
        made[header.replace("_", "-")] = value
    made.set_content(text, cte="quoted-printable")
    return made


def send(letter: EmailMessage) -> None:
    """Hand a letter over, encrypted unless the server is on this machine. Raises what smtplib raises."""
    server = urlsplit(current_app.config["SMTP_URL"])
    host, own = server.hostname or "", urlsplit(current_app.config["URL"]).hostname
    secure = ssl.create_default_context()
    facts: dict[str, Any] = {"timeout": ANSWERS, "local_hostname": own}  # the name of this machine is nobody's business
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, context=secure, **facts)
    else:
        connection = smtplib.SMTP(host, server.port or (25 if host in HERE else 587), **facts)
    try:
        if server.scheme == "smtp" and host not in HERE:
            connection.starttls(context=secure)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(letter)
    finally:
        with suppress(smtplib.SMTPException, OSError):  # what is taken is taken, however the server says goodbye
            connection.quit()
        connection.close()
