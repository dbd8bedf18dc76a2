"""Passwords and recovery codes: made, checked and hashed; none of it touches the database."""

import hashlib
import hmac
import secrets
from base64 import b64encode
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import hash_secret_raw
from flask_babel import gettext as _

from forum.errors import Refused

PASSWORD_MIN, PASSWORD_MAX = 8, 256
CODES = 8
ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXYZ"  # nothing that is misread on paper: no 0 O 1 I L S

TIME_COST, MEMORY_KIB, LANES = 2, 19 * 1024, 1  # Argon2id as OWASP advises for 19 MiB
_hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES)


def check(password: str) -> None:
    """Refuse a password that is too short, too long or among the 3,000 commonest of its length."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Refused(_("A password has 8 to 256 characters."), "password")
    if password.casefold() in _common():
        raise Refused(
            _("This password is one of the first that anybody would try. Please choose another one."), "password"
        )


def digest(password: str) -> str:
    """Return the Argon2id hash of `password`; takes some 20 ms, so never inside a transaction."""
    return _hasher.hash(_bytes(password))


def new_hash(password: str) -> str:
    """Return the hash of a password that somebody chooses, or refuse the choice."""
    check(password)
    return digest(password)


def matches(password: str, hashed: str | None) -> bool:
    """Say whether `password` belongs to `hashed`; the same work is done where there is no hash."""
    try:
        right = _hasher.verify(hashed or _nobody(), _bytes(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return right and hashed is not None


def new_codes() -> tuple[list[str], str, list[str]]:
    """Return eight new codes (`4TQ7-MX2K`), their common salt and the digest of each."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(8)) for _ in range(CODES)]
    salt = secrets.token_hex(16)
    return [f"{code[:4]}-{code[4:]}" for code in codes], salt, [code_digest(code, salt) for code in codes]


def code_digest(code: str, salt: str) -> str:
    """Return the Argon2id digest of a code, whatever case and hyphens it was typed with."""
    plain = "".join(c for c in code.upper() if c in ALPHABET)
    raw = hash_secret_raw(plain.encode(), bytes.fromhex(salt), TIME_COST, MEMORY_KIB, LANES, hash_len=32, type=Type.ID)
    return raw.hex()


def new_token() -> str:
    """Return 256 random bits for a session or a link."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is stored of a random token; a plain hash, because there is nothing to guess."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def keyed_digest(secret: str, purpose: str, value: str) -> str:
    """Return an HMAC of `value`, for what must be found again but never read back."""
    return hmac.new(secret.encode(), f"{purpose}:{value}".encode(errors="replace"), hashlib.sha256).hexdigest()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", errors="surrogatepass")


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split("\n"))


@cache
def _nobody() -> str:
    """Return a hash of no password, made without hashing: the first try under an unknown name takes no longer."""
    salt, hashed = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={TIME_COST},p={LANES}${salt}${hashed}"
