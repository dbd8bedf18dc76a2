"""A bounded closed-loop HTTP/1.1 load driver: a few keep-alive connections, one thread."""

import selectors
import socket
import time
from dataclasses import dataclass, field


@dataclass
class Result:
    latencies: list = field(default_factory=list)  # seconds, answered requests
    statuses: dict = field(default_factory=dict)
    bytes: int = 0  # body bytes as sent on the wire
    errors: int = 0
    connects: int = 0
    wall: float = 0.0

    @property
    def n(self):
        return len(self.latencies)


def render(method, path, host, headers=(), body=None):
    head = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    head += [f"{k}: {v}" for k, v in dict(headers).items()]
    if body is not None:
        head.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(head) + "\r\n\r\n").encode() + (body or b"")


class _Conn:
    def __init__(self, addr):
        self.sock = socket.create_connection(addr, timeout=30)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.used = 0

    def send(self, data):
        self.sock.setblocking(True)
        self.sock.sendall(data)
        self.sock.setblocking(False)
        self.t0 = time.perf_counter()
        self.buf = bytearray()
        self.head_end = -1
        self.used += 1

    def feed(self):
        """Read what is there; True when the answer is whole, None when cut off."""
        try:
            data = self.sock.recv(1 << 18)
        except BlockingIOError:
            return False
        except OSError:
            return None
        if data:
            self.buf += data
        if self.head_end < 0:
            self.head_end = self.buf.find(b"\r\n\r\n")
            if self.head_end < 0:
                return False if data else None
            lines = bytes(self.buf[: self.head_end]).decode("latin-1").split("\r\n")
            self.status = int(lines[0].split()[1])
            self.headers = {}
            for line in lines[1:]:
                k, _, v = line.partition(":")
                k = k.strip().lower()
                v = v.strip()
                self.headers[k] = self.headers[k] + "\n" + v if k in self.headers else v
            self.keep = self.headers.get("connection", "").lower() != "close"
            self.length = self.headers.get("content-length")
            self.chunked = "chunked" in self.headers.get("transfer-encoding", "")
            if self.status in (204, 304):
                self.length, self.chunked = "0", False
        have = len(self.buf) - self.head_end - 4
        if self.chunked:
            return True if self.buf.endswith(b"0\r\n\r\n") else (False if data else None)
        if self.length is not None:
            return True if have >= int(self.length) else (False if data else None)
        if data:
            return False
        self.keep = False
        return True

    def body(self):
        raw = bytes(self.buf[self.head_end + 4 :])
        if not self.chunked:
            return raw
        out = b""
        while raw:
            size, _, raw = raw.partition(b"\r\n")
            n = int(size.split(b";")[0], 16)
            out, raw = out + raw[:n], raw[n + 2 :]
            if n == 0:
                break
        return out


def once(addr, data, timeout=60):
    """One request on a fresh connection: (status, headers, body)."""
    c = _Conn(addr)
    try:
        c.send(data)
        c.sock.setblocking(True)
        c.sock.settimeout(timeout)
        while True:
            done = c.feed()
            if done is None:
                raise OSError("connection closed before a whole answer")
            if done:
                return c.status, c.headers, c.body()
    finally:
        c.sock.close()


def drive(addr, next_request, seconds=2.0, conns=4, max_requests=200_000):
    """Keep `conns` requests in flight for `seconds`, then let them finish."""
    sel, res = selectors.DefaultSelector(), Result()
    start = time.perf_counter()
    stop, sent = start + seconds, 0

    def connect():
        c = _Conn(addr)
        res.connects += 1
        c.send(next_request())
        sel.register(c.sock, selectors.EVENT_READ, c)

    for _ in range(conns):
        connect()
        sent += 1
    live = conns
    while live:
        if time.perf_counter() > stop + 60:
            res.errors += live
            break
        for key, _ in sel.select(timeout=1):
            c = key.data
            done = c.feed()
            if done is False:
                continue
            now = time.perf_counter()
            retry = False
            if done:
                res.latencies.append(now - c.t0)
                res.statuses[c.status] = res.statuses.get(c.status, 0) + 1
                res.bytes += len(c.buf) - c.head_end - 4
            elif c.used > 1 and not c.buf:
                retry = True  # a kept-alive connection was closed under us
            else:
                res.errors += 1
            more = now < stop and sent < max_requests
            if done and c.keep and more:
                try:
                    c.send(next_request())
                    sent += 1
                    continue
                except OSError:
                    retry = True
            sel.unregister(c.sock)
            c.sock.close()
            live -= 1
            if more or retry and now < stop:
                connect()
                sent += 1
                live += 1
    for key in list(sel.get_map().values()):
        key.data.sock.close()
    sel.close()
    res.wall = time.perf_counter() - start
    return res
