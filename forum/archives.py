"""The file of a backup: a tar of the database and what else is needed, sealed for somebody or not; whole or not at all.

Sealed is the format of age (https://age-encryption.org), so that any of its programs opens it.
"""

import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO

import pyrage

from forum.errors import Refused
from forum.files import keep_names
from forum.terminal import _

SEALED = b"age-encryption.org/v1"  # how such a file begins
BY_PASSPHRASE = b"-> scrypt"  # and how its second line begins, where a passphrase opens it
QUICKLY = 3  # of 9: a tenth larger than the best, in a third of its time


@contextmanager
def whole(file: Path) -> Iterator[IO[bytes]]:
    """Give a new file, for its owner only, that stands at `file` once the block has ended well, or never."""
    folder = file.absolute().parent
    if file.exists():
        raise Refused(_("%(file)s is there already; name another file.", file=file))
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{file.name}.", dir=folder)  # with mode 0600
    except OSError as error:
        said = _("Nothing can be written into %(folder)s: %(reason)s.", folder=folder, reason=error.strerror)
        raise Refused(said) from error
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        _name(draft, file)
        keep_names(folder)
    except FileExistsError as error:
        raise Refused(_("%(file)s is there already; name another file.", file=file)) from error
    except OSError as error:
        said = _("%(file)s could not be written: %(reason)s.", file=file, reason=error.strerror)
        raise Refused(said) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def _name(draft: str, file: Path) -> None:
    """Give a file its name; unlike a renaming alone, it overwrites nothing."""
    try:
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network mounts know no links: hold the name with an empty file
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            os.replace(draft, file)
        except OSError:
            file.unlink()
            raise


def pack(members: Iterable[tuple[str, Path]], target: IO[bytes]) -> None:
    """Write files into a compressed tar, without the names of users of this machine."""
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=QUICKLY) as tar:
        for name, path in members:
            tar.add(path, name, filter=_for_its_owner)


def unpack(source: IO[bytes], folder: Path) -> None:
    """Write the files of a tar into an empty folder; links and paths that lead out of it are refused."""
    try:
        with tarfile.open(fileobj=source, mode="r:gz") as tar:
            for member in tar:
                _write_out(tar, member, folder)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Refused(_("This file is no backup of a forum, or it is damaged.")) from error


def _write_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file or folder for its owner only; Python's own filter is not in Debian 12."""
    name = PurePosixPath(member.name)
    source = tar.extractfile(member) if member.isfile() else None
    if name.is_absolute() or ".." in name.parts or not (source or member.isdir()):
        raise tarfile.ExtractError(f"{member.name} is no file of a backup")
    path = folder / name
    if source is None:
        path.mkdir(0o700, parents=True, exist_ok=True)
        return
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    with source, os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        shutil.copyfileobj(source, target)


def seal_for(source: IO[bytes], target: IO[bytes], recipients: Iterable[str]) -> None:
    """Encrypt for the owners of public keys, `age1…`."""
    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError as error:
        raise Refused(_("A recipient is no public key of age, which begins with age1.")) from error
    pyrage.encrypt_io(source, target, keys)


def seal_with(source: IO[bytes], target: IO[bytes], passphrase: str) -> None:
    """Encrypt with a passphrase; the whole file is in memory meanwhile."""
    target.write(pyrage.passphrase.encrypt(source.read(), passphrase))


def is_sealed(file: Path) -> tuple[bool, bool]:
    """Return whether a file is encrypted, and whether a passphrase opens it."""
    with file.open("rb") as source:
        first, second = source.readline(200).rstrip(), source.readline(200)
    return first == SEALED, first == SEALED and second.startswith(BY_PASSPHRASE)


def open_with(source: IO[bytes], target: IO[bytes], *, passphrase: str = "", identities: str = "") -> None:
    """Decrypt with a passphrase, or with the lines of a file of identities of age."""
    try:
        if passphrase:
            target.write(pyrage.passphrase.decrypt(source.read(), passphrase))
            return
        lines = [line.strip() for line in identities.splitlines()]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        pyrage.decrypt_io(source, target, keys)
    except (pyrage.DecryptError, pyrage.IdentityError, io.UnsupportedOperation) as error:
        raise Refused(_("This passphrase or identity does not open the backup, or the file is damaged.")) from error


def _for_its_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600 if member.isfile() else 0o700
    return member


def remove_older(folder: Path, pattern: str, keep: int) -> int:
    """Delete all but the newest files of a folder, by their names, and begun ones; return how many."""
    old = [*sorted(folder.glob(pattern))[:-keep], *folder.glob(f".{pattern}.*")]
    for file in old:
        with suppress(FileNotFoundError):
            file.unlink()
    return len(old)
