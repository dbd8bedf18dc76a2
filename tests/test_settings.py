"""Settings: from the environment, else from the file, else the default; and the secret that is made once."""

import os
import re
import stat
from ipaddress import ip_network
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from forum import create_app
from forum.settings import ROOT, SETTINGS, BadSetting, load

README = ROOT / "README.md"
VALUES: dict[str, Any] = {  # something else than the default for each
    "HOST": "0.0.0.0",  # noqa: S104 (only read)
    "PORT": 8123,
    "DATABASE_URL": "postgresql+psycopg://forum@db/forum",
    "REDIS_URL": "redis://127.0.0.1/3",
    "SECRET_KEY": "a secret of many words",
    "URL": "https://debate.example.org",
    "SMTP_URL": "smtps://forum:secret@mail.example.org?from=forum@example.org",
    "TRUSTED_PROXIES": 2,
    "PROXY_NETWORKS": "10.0.0.0/24, fd00::/64",
    "HSTS_DAYS": 0,
    "LOG": "faults",
    "KEPT_MIB": 64,
    "SHARED_SECONDS": 10,
    "SITE_NAME": "Таразы",
    "EXIT_URL": "https://weather.example.org/",
    "NEUTRAL_TITLE": "Notes",
    "LANGUAGES": "ru,kk",
    "TIMEZONE": "Asia/Almaty",
    "REPLY_MIN": 5,
    "REPLY_MAX": 900,
    "REPLIES_PER_HOUR": 3,
    "EDITS_PER_HOUR": 6,
    "VOTES_PER_HOUR": 9,
    "WAITING_PER_MEMBER": 2,
    "REPORTS_PER_HOUR": 4,
    "SIGN_UPS_PER_HOUR": 7,
}
NEEDS = {"SMTP_URL": {"URL": "https://debate.example.org"}}  # letters lead to the public address
READ = {
    "LANGUAGES": ["ru", "kk"],
    "PROXY_NETWORKS": [ip_network("10.0.0.0/24"), ip_network("fd00::/64")],
}  # what is made of a value, where it is not the value itself
NUMBERS = [setting.name for setting in SETTINGS if isinstance(setting.default, int)]


def settings(folder: Path, file: str | None = None, **environ: str) -> dict[str, Any]:
    """Return the settings of an instance in `folder`, with `file` as its settings.toml."""
    if file is not None:
        (folder / "settings.toml").write_text(file, encoding="utf-8")
    return load({"FORUM_INSTANCE": str(folder)} | {f"FORUM_{name}": value for name, value in environ.items()})


def toml(name: str, value: object) -> str:
    return f"{name.lower()} = {value}\n" if isinstance(value, int) else f'{name.lower()} = "{value}"\n'


def test_every_setting_is_tried_here() -> None:
    assert {setting.name for setting in SETTINGS} == {*VALUES, "INSTANCE"}
    assert all(setting.why for setting in SETTINGS)


@pytest.mark.parametrize("name", VALUES)
def test_a_setting_is_read_from_the_environment_then_the_file_then_its_default(tmp_path: Path, name: str) -> None:
    value, expected = VALUES[name], READ.get(name, VALUES[name])
    default = settings(tmp_path)[name]
    assert default != expected
    with_it = NEEDS.get(name, {})
    assert settings(tmp_path, toml(name, value), **with_it)[name] == expected
    assert settings(tmp_path, toml(name, type(value)()), **with_it, **{name: str(value)})[name] == expected


def test_the_instance_folder_is_made_with_its_database_inside(tmp_path: Path) -> None:
    found = settings(tmp_path / "a" / "new one")
    assert found["INSTANCE"] == str(tmp_path / "a" / "new one")
    assert found["DATABASE_URL"] == f"sqlite:///{tmp_path / 'a' / 'new one' / 'forum.sqlite3'}"
    assert load({"FORUM_INSTANCE": os.path.relpath(tmp_path)})["INSTANCE"] == str(tmp_path)


def test_settings_reach_the_pages(tmp_path: Path) -> None:
    app = create_app(
        {"FORUM_INSTANCE": str(tmp_path), "FORUM_SITE_NAME": "Таразы", "FORUM_EXIT_URL": "https://a.example/"}
    )
    page = app.test_client().get("/about").text
    assert "Таразы</a>" in page  # without tables it is an error of ours, whose tab names no site
    assert 'href="https://a.example/"' in page


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["many", "", "-1", "8.5", "0x10"])
def test_a_number_that_is_none_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=rf"FORUM_{name} must be a whole number, not “{re.escape(value)}”\."):
        settings(tmp_path, **{name: value})


@pytest.mark.parametrize("written", ["8000.5", "true", '"many"', "[8000]", "-1", "1979-05-27"])
def test_a_number_in_the_file_is_a_whole_number(tmp_path: Path, written: str) -> None:
    with pytest.raises(BadSetting, match="FORUM_PORT must be a whole number"):
        settings(tmp_path, f"port = {written}\n")


@pytest.mark.parametrize("name", ["SITE_NAME", "LANGUAGES"])
@pytest.mark.parametrize("written", ['["en", "ru"]', "true", "{a = 1}"])
def test_a_text_in_the_file_is_a_text(tmp_path: Path, name: str, written: str) -> None:
    with pytest.raises(BadSetting, match=rf"FORUM_{name}"):
        settings(tmp_path, f"{name.lower()} = {written}\n")


@pytest.mark.parametrize("zone", ["Asia/Atlantis", "", "+05:00", "../etc/passwd", "Asia", "\x00"])
def test_a_time_zone_that_does_not_exist_is_refused(tmp_path: Path, zone: str) -> None:
    with pytest.raises(BadSetting, match="FORUM_TIMEZONE names no time zone"):
        settings(tmp_path, TIMEZONE=zone)


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://", "smtps:mail"])
def test_a_mail_server_that_cannot_be_reached_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadSetting, match="FORUM_SMTP_URL must begin with"):
        settings(tmp_path, SMTP_URL=address, **NEEDS["SMTP_URL"])


def test_mail_needs_the_public_address(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="FORUM_SMTP_URL needs FORUM_URL"):
        settings(tmp_path, SMTP_URL="smtp://localhost")


@pytest.mark.parametrize("port", ["65536", "99999999999999999999"])
def test_a_port_that_no_machine_has_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(BadSetting, match="FORUM_PORT"):
        settings(tmp_path, PORT=port)


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"settings\.toml has a setting that does not exist: site_nmae\."):
        settings(tmp_path, 'site_name = "Tarazy"\nsite_nmae = "Tarazy"\n')


@pytest.mark.parametrize("file", ["site_name = Evenhand", "[", "site_name = 'a'\nsite_name = 'b'\n"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, file: str) -> None:
    with pytest.raises(BadSetting, match=r"settings\.toml is not valid TOML"):
        settings(tmp_path, file)
    (tmp_path / "settings.toml").write_bytes(b'site_name = "\xff"\n')
    with pytest.raises(BadSetting, match=r"settings\.toml is not valid TOML"):
        settings(tmp_path)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        secret = settings(tmp_path)["SECRET_KEY"]
    finally:
        os.umask(former)
    file = tmp_path / "secret.key"
    assert len(secret) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert settings(tmp_path)["SECRET_KEY"] == secret == file.read_text(encoding="ascii").strip()
    assert settings(tmp_path.parent / "another")["SECRET_KEY"] != secret


def test_a_secret_that_is_given_is_written_nowhere(tmp_path: Path) -> None:
    settings(tmp_path, SECRET_KEY="a secret of many words")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_secret_file_is_never_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    file.touch()
    try:
        said = settings(tmp_path)["SECRET_KEY"]
    except BadSetting as refusal:
        said = str(refusal)
    assert said == file.read_text(encoding="ascii").strip() != "" or str(file) in said


def test_all_who_start_at_once_have_the_same_secret(tmp_path: Path) -> None:
    for number in range(100):
        folder, start, found = tmp_path / str(number), Barrier(4), []

        def begin(folder: Path = folder, start: Barrier = start, found: list[str] = found) -> None:
            start.wait()
            found.append(settings(folder)["SECRET_KEY"])

        threads = [Thread(target=begin) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4
        assert {len(secret) for secret in found} == {64}
        assert len(set(found)) == 1


def test_the_readme_names_every_setting_with_its_default_and_why() -> None:
    _before, _heading, section = README.read_text(encoding="utf-8").partition("## Settings\n")
    rows = [line for line in section.splitlines() if line.startswith("| `FORUM_")]
    named = {}
    for row in rows:
        name, default, why = re.split(r"(?<!\\)\|", row.strip().strip("|"))[:3]
        assert why.strip(), f"{name} says no why"
        named[name.strip(" `").removeprefix("FORUM_")] = default.strip(" `")
    defaults = {setting.name: str(setting.default) or "empty" for setting in SETTINGS}
    assert len(rows) == len(named), "a setting stands in two rows"
    assert named == {**defaults, "INSTANCE": "instance"}
