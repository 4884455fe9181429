"""What every test relies on: no outside connection, and the shipped events in a store."""

import ipaddress
import signal
import socket
from collections.abc import Iterator

import pytest

from events.sources import open_source
from events.store import EventStore

# What a shell runs in the background ignores Ctrl-C, and so would the commands that are tested for it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def no_outside_connection() -> Iterator[None]:
    """A test that reaches for another host fails, and says which."""
    real = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not _is_this_machine(str(address[0])):
            raise AssertionError(f"a test tried to connect to {address[0]}")
        real(self, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = real  # type: ignore[method-assign]


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def shipped() -> EventStore:
    """The shipped events."""
    return open_source().store
