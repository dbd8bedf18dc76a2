"""Seals: what the database keeps, and only the forum with its secret can read.

A seal hides bytes (AES-256-GCM under a nonce drawn by lot: the same words twice do not look the same) and binds them to
their row. Each purpose has a key of its own, derived from `FORUM_SECRET_KEY` by HKDF (RFC 5869).
"""

import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE = 12  # bytes, before what is sealed


@dataclass(frozen=True)
class Seals:
    """The seals of one purpose; `about` names the row to which one belongs."""

    cipher: AESGCM

    def seal(self, words: bytes, about: bytes) -> bytes:
        """Return `words` sealed."""
        nonce = os.urandom(NONCE)
        return nonce + self.cipher.encrypt(nonce, words, about)

    def open(self, sealed: bytes, about: bytes) -> bytes | None:
        """Return what is sealed; None for a seal of another row, of another secret, or a broken one."""
        try:
            return self.cipher.decrypt(sealed[:NONCE], sealed[NONCE:], about)
        except (InvalidTag, ValueError):
            return None


def of(purpose: str) -> Seals:
    """Return the seals of one purpose."""
    return _seals(current_app.config["SECRET_KEY"], purpose)


def key(purpose: str) -> bytes:
    """Return the key of one purpose, of 32 bytes, for digests that nobody else can compute."""
    return _key(current_app.config["SECRET_KEY"], purpose)


@lru_cache(maxsize=64)
def _seals(secret: str, purpose: str) -> Seals:
    return Seals(AESGCM(_key(secret, purpose)))


@lru_cache(maxsize=64)
def _key(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
