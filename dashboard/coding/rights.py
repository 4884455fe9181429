"""Who may save events: on a local run whoever sits at the machine, elsewhere whoever knows the password.

The cookie of somebody who signed in says only that, signed with a key made from the password: any worker of the
deployment can read it, and a new password ends every old sign-in.
"""

import functools
import hashlib
import hmac
import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from flask import Request, Response
from itsdangerous import BadSignature, TimestampSigner

COOKIE = "contact-line-writer"
SIGNED_IN_SECONDS = 12 * 3600
MARK = "X-Contact-Line"
"""A header that a page of another host cannot send here without being asked first, and is never allowed to."""

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")

State = Literal["open", "password", "none"]


class Right(NamedTuple):
    """Whether the one who asks may save: now, after the password, or not at all; and why, in words."""

    state: State
    why: str


SIGNED_IN = Right("open", "you have signed in")
LOCKED = Right("password", "saving takes the password")


class Rights:
    """Judges requests. `read_only` is why the store cannot be written (empty: it can); `local` is a run of one's own.

    A local run with a password asks for it, too: whoever puts a proxy in front of one sets a password.
    """

    def __init__(self, *, read_only: str, local: bool, password: str, secure: bool = False) -> None:
        self.read_only = read_only
        self._local = local and not password
        self._password = password
        self._secure = secure
        self._tries = Tries()

    def of(self, request: Request) -> Right:
        """What the one who asks may do."""
        if self.read_only:
            return Right("none", self.read_only)
        if self._local:
            if _is_local(request):
                return Right("open", "this is a run of your own")
            return Right("none", "the request comes by way of another host, and no password is set")
        if not self._password:
            return Right("none", "no password is set for saving")
        return SIGNED_IN if self._is_signed_in(request) else LOCKED

    def try_password(self, request: Request, given: str) -> str:
        """Empty when it is the password; else why not. A few wrong tries from one address, and it has to wait."""
        who = request.remote_addr or ""
        if wait := self._tries.wait(who):
            return f"was wrong too often; try again in {-(-wait // 60):.0f} minutes"
        if not self._password or not hmac.compare_digest(_digest(given), _digest(self._password)):
            self._tries.wrong(who)
            return "is not the password"
        self._tries.right(who)
        return ""

    def sign_in(self, answer: Response, request: Request) -> None:
        """Give the cookie."""
        answer.set_cookie(
            COOKIE,
            _signer(self._password).sign(b"writer").decode("ascii"),
            max_age=SIGNED_IN_SECONDS,
            httponly=True,
            samesite="Strict",
            secure=self._secure or request.is_secure,
        )

    def sign_out(self, answer: Response) -> None:
        """Take the cookie back."""
        answer.delete_cookie(COOKIE, httponly=True, samesite="Strict")

    def _is_signed_in(self, request: Request) -> bool:
        try:
            value = _signer(self._password).unsign(request.cookies.get(COOKIE, ""), max_age=SIGNED_IN_SECONDS)
        except BadSignature:
            return False
        return value == b"writer"


def is_own(request: Request) -> bool:
    """Whether a request that changes something comes from this page, not from a page of another host."""
    if request.headers.get(MARK) != "code":
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _is_local(request: Request) -> bool:
    """Whether a request was made on this machine, to this machine by its own name, and not passed on by a proxy.

    The name matters: a page elsewhere can give its own host this machine's address.
    """
    if any(header in request.headers for header in _FORWARDED):
        return False
    return is_loopback(request.remote_addr or "") and is_loopback(urlsplit(f"//{request.host}").hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _digest(text: str) -> bytes:
    # Equal lengths: the time a comparison takes tells nothing.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@functools.lru_cache(maxsize=4)
def _signer(password: str) -> TimestampSigner:
    # Slow on purpose: who gets hold of a cookie cannot try out passwords by the million.
    key = hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=b"contact-line writer", n=2**14, r=8, p=1)
    return TimestampSigner(key, digest_method=hashlib.sha256)


class Tries:
    """Counts wrong passwords, by address and together, over a span of time. One for each worker; memory is bounded."""

    MOST = 5
    MOST_TOGETHER = 60
    SECONDS = 900.0
    MOST_ADDRESSES = 2000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()
        self._together: list[float] = []
        self._lock = threading.Lock()

    def wait(self, who: str) -> float:
        """Seconds until this address may try again; 0 when it may now."""
        with self._lock:
            now = self._clock()
            return max(
                self._left(self._wrong.get(who, []), self.MOST, now),
                self._left(self._together, self.MOST_TOGETHER, now),
            )

    def _left(self, times: list[float], most: int, now: float) -> float:
        recent = [t for t in times if now - t < self.SECONDS]
        return self.SECONDS - (now - recent[-most]) if len(recent) >= most else 0.0

    def wrong(self, who: str) -> None:
        """A wrong password came from this address."""
        with self._lock:
            now = self._clock()
            self._wrong[who] = [*self._wrong.pop(who, []), now][-self.MOST :]
            self._together = [*self._together, now][-self.MOST_TOGETHER :]
            while len(self._wrong) > self.MOST_ADDRESSES:
                self._wrong.popitem(last=False)

    def right(self, who: str) -> None:
        """The right password came from this address."""
        with self._lock:
            self._wrong.pop(who, None)
