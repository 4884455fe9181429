"""A real browser, a real server, and visits that end in a verdict: no console error, no request to another host."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.serving import Served, serving
from tests.browser.visit import DESKTOP, PATIENCE, PHONE, Visit
from tools.chromium import FLAGS, LACKING, find

Opener = Callable[..., Visit]
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the tests fail and say so, they are never skipped."""
    path = find()
    if path is None:
        pytest.fail(LACKING, pytrace=False)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    """The real server over the shipped events."""
    with serving() as served:
        yield served


@pytest.fixture
def visits(browser: Browser, server: Served) -> Iterator[Opener]:
    """Make visits, each a browser context of its own; after the test each gives its verdict."""
    made: list[Visit] = []

    def visit(size: tuple[int, int] = DESKTOP, base: str = "") -> Visit:
        phone = size == PHONE
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=phone, color_scheme="light", locale="en-GB"
        )
        made.append(Visit(context, base or server.url))
        return made[-1]

    yield visit
    try:
        for one in made:
            one.verdict()
    finally:
        for one in made:
            one.context.close()


@pytest.fixture
def visit(visits: Opener) -> Visit:
    """A visit on a desktop screen, opened at the start page."""
    return visits().open()


@pytest.fixture
def phone(visits: Opener) -> Visit:
    """A visit on a phone, opened at the start page."""
    return visits(PHONE).open()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def any_size(visits: Opener, request: pytest.FixtureRequest) -> Visit:
    """A visit at each of the two sizes, opened at the start page."""
    return visits(request.param).open()
