"""The demo, its server, the browser and its visitors: what a journey and a sweep ask for."""

import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.service import Demo, Service, load_demo
from tests.journeys.visitor import DESKTOP, PHONE, RESULTS, Screen, Visitor

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Visit = Callable[..., Visitor]
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test's fixtures know that it failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """The demo, loaded once for all workers; nobody serves or changes this folder."""
    base = tmp_path_factory.getbasetemp()
    return load_demo(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def service(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """This worker's server, over its own copy of the demo."""
    running = Service.over(demo, tmp_path_factory.mktemp("service") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium(demo: Demo, service: Service) -> Iterator[Browser]:
    """Debian's Chromium. The demo's public address leads to this worker's server, no name out of this machine."""
    rules = f"MAP {urlsplit(demo.base_url).netloc} 127.0.0.1:{service.port}, MAP localhost 127.0.0.1, MAP * ~NOTFOUND"
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, f"--host-resolver-rules={rules}"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, demo: Demo, service: Service, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """`visit(screen, javascript=…)` opens a browser context for somebody; what it saw amiss fails the test."""
    visitors: list[Visitor] = []

    def visit(screen: Screen = PHONE, *, javascript: bool = True, address: str = "", **options) -> Visitor:
        context = chromium.new_context(
            viewport={"width": screen.width, "height": screen.height},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            java_script_enabled=javascript,
            reduced_motion="reduce",
            **options,
        )
        visitors.append(Visitor.arriving(context, address or demo.base_url, javascript=javascript))
        return visitors[-1]

    before = service.log.stat().st_size
    yield visit
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for number, visitor in enumerate(visitors):
        if faults or request.node.stash.get(FAILED, False):
            visitor.page.screenshot(path=_failure(readable(request.node.name), number), full_page=True)
        visitor.page.context.close()
    assert not faults, "\n".join(faults) + "\n" + service.log.read_text(encoding="utf-8")[before:]


@pytest.fixture(
    params=[
        pytest.param((PHONE, True), id="360-script"),
        pytest.param((PHONE, False), id="360-plain", marks=pytest.mark.sweep),
        pytest.param((DESKTOP, True), id="1280-script", marks=pytest.mark.sweep),
        pytest.param((DESKTOP, False), id="1280-plain"),
    ]
)
def setting(request: pytest.FixtureRequest) -> dict[str, object]:
    """A phone with JavaScript and a desktop without; the other way round with `make sweep`. `visit(**setting)`."""
    screen, javascript = request.param
    return {"screen": screen, "javascript": javascript}


@pytest.fixture
def shot_name(request: pytest.FixtureRequest) -> str:
    """How this journey's screenshots begin: its name and its setting."""
    return readable(request.node.name)


def readable(name: str) -> str:
    """A test's name as part of a file's."""
    return name.removeprefix("test_").replace("[", "-").rstrip("]")


def _failure(name: str, number: int) -> Path:
    folder = RESULTS / "failures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}-{number}.png"
