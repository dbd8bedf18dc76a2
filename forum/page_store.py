"""Where a process keeps pages: the bytes of each, in the codings that were asked for, and all within a bound."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from gzip import compress as gzip
from hashlib import blake2b
from math import inf
from threading import Lock
from typing import Any, NamedTuple

import brotli
import zstandard
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from forum.memory import Kept

Key = tuple[str, ...]
Headers = list[tuple[str, str]]
WORTH_IT = 512  # bytes; below it nothing is compressed
PATIENCE = 10  # seconds that a reader waits while another one has the same page made
# What browsers take, the best first. A page is compressed quickly, for it is anew with each version; what lasts, once.
CODINGS: Mapping[str, Callable[[bytes, bool], bytes]] = {
    "zstd": lambda body, lasts: zstandard.ZstdCompressor(level=19 if lasts else 7).compress(body),
    "br": lambda body, lasts: bytes(brotli.compress(body, quality=11 if lasts else 5)),
    "gzip": lambda body, lasts: gzip(body, 9 if lasts else 6, mtime=0),
}
AS_IT_IS = ""
OF_BODY = {"content-length", "content-type", "content-encoding"}  # headers that a 304 does without
NEVER = object()  # an answer that is not kept


class Answer(NamedTuple):
    """What goes out in one coding, and the headers that do where the browser has it already."""

    headers: Headers
    body: bytes
    unchanged: Headers


class Page:
    """An answer that everybody gets: what it depends on, and its bytes."""

    def __init__(
        self, versions: Mapping[str, Any], until: datetime | None, route: str | None, headers: Headers, body: bytes
    ) -> None:
        """Take a whole answer. No `versions`: it never changes at its address; no `until`: not by itself either.

        A tag of the content among the headers is the one that it goes by, in whichever coding.
        """
        said = dict(headers)
        tag = said.pop("ETag", "").strip('"')
        said["Vary"] = ", ".join(filter(None, [said.get("Vary"), "Accept-Encoding"]))
        self.versions, self.route = versions, route
        self.ends_at = until.timestamp() if until else inf  # in seconds since 1970, as every request compares it
        self._headers = list(said.items())
        self._tag = tag if tag.isalnum() else blake2b(body, digest_size=12).hexdigest()
        self._answers: dict[str, Answer] = {}
        self._add(AS_IT_IS, body)

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return sum(len(answer.body) for answer in list(self._answers.values()))

    def has(self, coding: str) -> bool:
        """Say whether it is ready in a coding."""
        return coding in self._answers

    def prepare(self, coding: str) -> None:
        """Make it ready in a coding."""
        body = self._answers[AS_IT_IS].body
        if len(body) < WORTH_IT:
            self._answers[coding] = self._answers[AS_IT_IS]
        elif coding:
            self._add(coding, CODINGS[coding](body, not self.versions))

    def answer(self, coding: str) -> Answer:
        """Return the answer in a coding that is ready."""
        return self._answers[coding]

    def is_among(self, tags: str) -> bool:
        """Say whether a browser that has what these tags name has this page, in whichever coding.

        A proxy that compresses by itself makes a strong tag a weak one.
        """
        given = (tag.strip().removeprefix("W/").strip('"').partition("-")[0] for tag in tags.split(","))
        return tags.strip() == "*" or self._tag in given

    def _add(self, coding: str, body: bytes) -> None:
        tag = f'"{self._tag}-{coding}"' if coding else f'"{self._tag}"'
        more = [("Content-Encoding", coding)] if coding else []
        more += [("ETag", tag), ("Content-Length", str(len(body)))]
        headers = [*self._headers, *more]
        unchanged = [(name, value) for name, value in headers if name.lower() not in OF_BODY]
        self._answers[coding] = Answer(headers, body, unchanged)


class Store:
    """The pages of a process, and who is having one made."""

    def __init__(self, most: int) -> None:
        """Hold `most` bytes, about."""
        self._pages = Kept(most)
        self._gates: dict[Key, Lock] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """Count the answers of which it knows."""
        return len(self._pages.rows)

    @property
    def bytes(self) -> int:
        """How many bytes they take, about."""
        return self._pages.size

    def get(self, key: Key) -> Page | None:
        """Return what is kept at an address, stale or not; it counts as asked for now."""
        found = self._pages.get(key)
        return found if isinstance(found, Page) else None

    def is_never_kept(self, key: Key) -> bool:
        """Say whether the last answer at an address was none to be kept."""
        return self._pages.get(key) is NEVER

    def put(self, key: Key, page: Page | None) -> None:
        """Keep a page, or that it is none to be kept."""
        self._pages.put(key, page or NEVER, page.size if page else 0)

    def drop(self, key: Key) -> None:
        """Forget what is known of an address."""
        self._pages.drop(key)

    def clear(self) -> None:
        """Forget every page."""
        self._pages.clear()

    @contextmanager
    def making(self, key: Key) -> Iterator[None]:
        """Let one reader have a page made; others wait until it is there, but not for ever."""
        with self._lock:
            gate = self._gates.setdefault(key, Lock())
        is_held = gate.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if is_held:
                with self._lock:
                    self._gates.pop(key, None)  # who waits has the gate; who comes finds the page
                gate.release()


@lru_cache(maxsize=256)
def coding_of(accepted: str) -> str:
    """Return the coding for a browser that accepts these; what every browser takes if it says nothing of ours."""
    wanted = dict(parse_accept_header(accepted, Accept))
    return next((coding for coding in CODINGS if wanted.get(coding)), AS_IT_IS)
