"""The network is hostile: each rule of the fetcher, against real https sites on loopback."""

import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verify import https_site
from tests.verify.https_site import ELSEWHERE, HOST, Site, redirect, reply, serving
from verify.fetching import Deadline, Fetcher, FetchPolicy, system_resolver
from verify.web_address import NotFetched, Refusal

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KIB = 1024
POLICY = FetchPolicy(
    private_hosts=frozenset({HOST, ELSEWHERE}),
    authorities=https_site.authority().pem,
    max_bytes=64 * KIB,
    max_header_bytes=16 * KIB,
)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Names:
    """A resolver: `answers` are given in turn, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        served.answers["/"] = reply(b"found")
        yield served


def fetcher(policy: FetchPolicy = POLICY, *answers: Sequence[str], clock: Clock | None = None) -> Fetcher:
    return Fetcher(policy, resolver=Names(*answers) if answers else Names(["127.0.0.1"]), clock=clock or Clock())


def get(fetching: Fetcher, url: str, seconds: float = 5.0) -> bytes:
    return fetching.fetch(url, accept="application/json", deadline=Deadline(seconds)).body


def refusal(fetching: Fetcher, url: str, seconds: float = 5.0) -> Refusal:
    with pytest.raises(NotFetched) as refused:
        get(fetching, url, seconds)
    return refused.value.refusal


def test_document_is_fetched_from_the_named_host(site: Site) -> None:
    """Certificate, SNI and Host are the name's; nothing is sent but what is needed."""
    assert get(fetcher(), site.url("/")) == b"found"
    assert site.names == [HOST]
    first, *headers = site.requests[0].strip().split("\r\n")
    assert first == "GET / HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: identity",
        "Accept: application/json",
        f"Host: {HOST}:{site.port}",
        "User-Agent: jalon-verify",
    ]


def test_ipv6_works_alike() -> None:
    """The same over ::1."""
    with serving(address="::1") as site:
        site.answers["/"] = reply(b"six")
        assert get(fetcher(POLICY, ["::1"]), site.url("/")) == b"six"


def test_environment_names_no_proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is not asked."""
    for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(fetcher(), site.url("/")) == b"found"


def test_cookies_are_neither_kept_nor_sent(site: Site) -> None:
    """Nothing a host hands out comes back to it, nor to where it sends us."""
    site.answers["/moved"] = reply(status="302 Found", location="/", set_cookie="a=b", www_authenticate="Basic")
    assert get(fetcher(), site.url("/moved")) == b"found"
    names = {line.partition(":")[0] for line in site.requests[-1].strip().split("\r\n")[1:]}
    assert names == {"Accept", "Accept-Encoding", "Host", "User-Agent"}


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["fe80::1%eth0"],
        ["93.184.215.14", "127.0.0.1"],
        ["2606:4700::1111", "::ffff:10.0.0.1"],
        ["not an address"],
    ],
    ids=" ".join,
)
def test_name_with_an_address_that_is_not_public_is_refused(site: Site, answers: list[str]) -> None:
    """One such address among public ones refuses the name: no connection is made."""
    policy = replace(POLICY, private_hosts=frozenset())
    assert refusal(fetcher(policy, answers), site.url("/")) is Refusal.ADDRESS_NOT_PUBLIC
    assert site.names == []


def test_exception_holds_for_the_named_host_alone(site: Site) -> None:
    """Another name of the same address is refused."""
    policy = replace(POLICY, private_hosts=frozenset({HOST}))
    assert get(fetcher(policy), site.url("/")) == b"found"
    assert refusal(fetcher(policy), site.url("/", ELSEWHERE)) is Refusal.ADDRESS_NOT_PUBLIC


def test_default_policy_allows_no_private_host(site: Site) -> None:
    """Denied unless declared, through the machine's own resolver too."""
    assert FetchPolicy().private_hosts == frozenset()
    fetching = Fetcher(FetchPolicy(), resolver=system_resolver)
    assert refusal(fetching, site.url("/", "localhost")) is Refusal.ADDRESS_NOT_PUBLIC


def test_rebinding_reaches_the_address_that_was_checked(site: Site) -> None:
    """A name is looked up once for a connection: what it would answer next plays no part."""
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    assert get(Fetcher(POLICY, resolver=names), site.url("/")) == b"found"
    assert names.asked == [HOST]


def test_rebinding_after_a_good_check_is_checked_again(site: Site) -> None:
    """A second connection, after a redirect to the same name, looks it up and checks it anew."""
    strict = replace(POLICY, private_hosts=frozenset({HOST}))
    site.answers["/moved"] = redirect(f"https://{ELSEWHERE}:{site.port}/")
    names = Names(["127.0.0.1"])
    assert refusal(Fetcher(strict, resolver=names), site.url("/moved")) is Refusal.ADDRESS_NOT_PUBLIC
    assert names.asked == [HOST, ELSEWHERE]
    assert site.paths == ["/moved"]


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://issuer.test/", Refusal.NOT_HTTPS),
        ("https://127.0.0.1/", Refusal.ADDRESS_MALFORMED),
        ("https://[::1]/", Refusal.ADDRESS_MALFORMED),
        ("https://[::ffff:169.254.169.254]/", Refusal.ADDRESS_MALFORMED),
        ("https://2130706433/", Refusal.ADDRESS_MALFORMED),
        ("https://0x7f.1/", Refusal.ADDRESS_MALFORMED),
        ("https://user:secret@issuer.test/", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.test:25/", Refusal.PORT_REFUSED),
        ("https://[", Refusal.ADDRESS_MALFORMED),
        ("//elsewhere.test:22/", Refusal.PORT_REFUSED),
        ("file:///etc/passwd", Refusal.NOT_HTTPS),
        ("", Refusal.TOO_MANY_REDIRECTS),
    ],
)
def test_redirect_is_held_to_the_same_rules(site: Site, location: str, why: Refusal) -> None:
    """A redirect to what may not be fetched is refused."""
    site.answers["/moved"] = redirect(location)
    assert refusal(fetcher(), site.url("/moved")) is why


def test_redirects_are_followed_so_far(site: Site) -> None:
    """Three lead on, relative ones too; a fourth, and a loop, do not."""
    for number, status in enumerate(("301 Moved", "303 See Other", "307 Temporary"), start=1):
        site.answers[f"/{number}"] = redirect(f"/{number + 1}", status)
    site.answers["/4"] = reply(b"there")
    assert get(fetcher(), site.url("/1")) == b"there"
    site.answers["/0"] = redirect("1")
    assert refusal(fetcher(), site.url("/0")) is Refusal.TOO_MANY_REDIRECTS
    site.answers["/loop"] = redirect("/loop", "308 Permanent")
    assert refusal(fetcher(), site.url("/loop")) is Refusal.TOO_MANY_REDIRECTS
    assert site.paths.count("/loop") == 4


@pytest.mark.parametrize(
    "context",
    [
        lambda: https_site.other_authority().server_context(HOST),
        lambda: https_site.authority().server_context("other.test"),
    ],
    ids=["unknown authority", "another name"],
)
def test_wrong_certificate_is_refused(context: Callable[[], ssl.SSLContext]) -> None:
    """One from nobody we trust, and one for another name: nothing is asked over it."""
    with serving(context()) as site:
        assert refusal(fetcher(), site.url("/")) is Refusal.CERTIFICATE_REFUSED
        assert site.requests == []


def test_slow_answer_is_left(site: Site) -> None:
    """A byte now and then never gets past the time for the whole."""
    gone = threading.Event()

    def drip(connection: ssl.SSLSocket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n")
        try:
            for _ in range(1000):
                connection.sendall(b"x")
                if gone.wait(0.01):
                    return
        except OSError:
            return

    site.answers["/"] = drip
    started = time.monotonic()
    assert refusal(fetcher(replace(POLICY, total_seconds=0.3)), site.url("/")) is Refusal.TIMED_OUT
    assert refusal(fetcher(), site.url("/"), seconds=0.2) is Refusal.TIMED_OUT
    gone.set()
    assert time.monotonic() - started < 4


def test_slow_redirects_share_one_deadline(site: Site) -> None:
    """Each hop is quick enough by itself; together they are not."""
    over = threading.Event()

    def late(location: str) -> Callable[[ssl.SSLSocket], None]:
        def answer(connection: ssl.SSLSocket) -> None:
            over.wait(0.2)
            connection.sendall(redirect(location))

        return answer

    site.answers |= {f"/{number}": late(f"/{number + 1}") for number in range(4)}
    assert refusal(fetcher(replace(POLICY, total_seconds=0.5)), site.url("/0")) is Refusal.TIMED_OUT
    over.set()
    assert len(site.paths) <= 3


def test_silent_server_is_left() -> None:
    """One that takes a connection and says nothing: not even its certificate."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        policy = replace(POLICY, connect_seconds=0.1)
        assert refusal(fetcher(policy), f"https://{HOST}:{port}/") is Refusal.TIMED_OUT


def test_resolver_that_hangs_is_left(site: Site) -> None:
    """The machine's resolver knows no limit; ours is kept."""
    answered = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        answered.wait(5)
        return ["127.0.0.1"]

    policy = replace(POLICY, connect_seconds=0.1)
    assert refusal(Fetcher(policy, resolver=hang), site.url("/")) is Refusal.TIMED_OUT
    answered.set()


def test_unknown_name_is_not_found(site: Site) -> None:
    """No address, and a resolver that fails."""

    def fail(host: str, port: int) -> list[str]:
        raise OSError

    assert refusal(fetcher(POLICY, []), site.url("/")) is Refusal.HOST_NOT_FOUND
    assert refusal(Fetcher(POLICY, resolver=fail), site.url("/")) is Refusal.HOST_NOT_FOUND


def test_next_address_is_tried(site: Site) -> None:
    """Where nobody listens on the first."""
    assert get(fetcher(POLICY, ["::1", "127.0.0.1"]), site.url("/")) == b"found"
    with serving() as closed:
        pass
    assert refusal(fetcher(), closed.url("/")) is Refusal.CONNECTION_FAILED


def test_large_answer_is_refused(site: Site) -> None:
    """Said to be large, endless without a length, and endless in chunks."""

    def endless(head: bytes, part: bytes) -> Callable[[ssl.SSLSocket], None]:
        def send(connection: ssl.SSLSocket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
            for _ in range(100_000):
                connection.sendall(part)

        return send

    site.answers["/said"] = reply(b"", content_length=str(10**12))
    site.answers["/unsaid"] = endless(b"", b"x" * 4096)
    site.answers["/chunked"] = endless(b"transfer-encoding: chunked\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n")
    site.answers["/crumbs"] = endless(b"transfer-encoding: chunked\r\n", b"1\r\nx\r\n" * 500)
    site.answers["/fits"] = reply(b"x" * POLICY.max_bytes)
    for path in ("/said", "/unsaid", "/chunked", "/crumbs"):
        assert refusal(fetcher(), site.url(path)) is Refusal.BODY_TOO_LARGE, path
    assert len(get(fetcher(), site.url("/fits"))) == POLICY.max_bytes


def test_compressed_answer_is_refused(site: Site) -> None:
    """None was asked for, so that there is nothing to unpack: no bomb goes off."""
    bomb = gzip.compress(bytes(16 * KIB * KIB))
    site.answers["/bomb"] = reply(bomb, content_encoding="gzip")
    site.answers["/deflate"] = reply(b"x", content_encoding="identity, deflate")
    site.answers["/plain"] = reply(b"x", content_encoding="identity")
    assert refusal(fetcher(), site.url("/bomb")) is Refusal.ENCODING_REFUSED
    assert refusal(fetcher(), site.url("/deflate")) is Refusal.ENCODING_REFUSED
    assert get(fetcher(), site.url("/plain")) == b"x"


def test_large_headers_are_refused(site: Site) -> None:
    """Many, one long, and endless preliminary answers."""
    many = "".join(f"x-{number}: {'y' * 500}\r\n" for number in range(90))
    site.answers["/many"] = f"HTTP/1.1 200 OK\r\n{many}\r\n".encode()
    site.answers["/long"] = b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000 + b"\r\n\r\n"
    site.answers["/status"] = b"HTTP/1.1 200 " + b"y" * 100_000
    site.answers["/wait"] = b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000
    for path in ("/many", "/long", "/status", "/wait"):
        assert refusal(fetcher(), site.url(path)) is Refusal.HEADERS_TOO_LARGE, path


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Refusal.RESPONSE_MALFORMED),
        (b"HTTP/1.1 banana\r\n\r\n", Refusal.RESPONSE_MALFORMED),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", Refusal.RESPONSE_MALFORMED),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 101 + b"\r\n", Refusal.RESPONSE_MALFORMED),
        (reply(b"short", content_length="50"), Refusal.RESPONSE_MALFORMED),
        (b"", Refusal.CONNECTION_FAILED),
        (reply(b"no", status="404 Not Found"), Refusal.NOT_THERE),
        (reply(b"no", status="410 Gone"), Refusal.NOT_THERE),
        (reply(b"no", status="304 Not Modified"), Refusal.NOT_THERE),
        (reply(b"no", status="206 Partial Content"), Refusal.NOT_THERE),
    ],
)
def test_answer_that_is_none_is_refused(site: Site, answer: bytes, why: Refusal) -> None:
    """Not HTTP, broken, cut short, or not the document."""
    site.answers["/"] = answer
    assert refusal(fetcher(), site.url("/")) is why


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"]
    ),
    st.binary(max_size=200),
)
def test_no_answer_breaks_the_fetcher(site: Site, start: bytes, rest: bytes) -> None:
    """Whatever bytes come back: a document or a refusal, never another exception."""
    site.answers["/"] = start + rest
    with contextlib.suppress(NotFetched):
        get(fetcher(), site.url("/"))


def test_answer_cut_off_without_a_length_is_refused(site: Site) -> None:
    """An end that TLS did not announce may be an attacker's."""

    def cut(connection: ssl.SSLSocket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}")
        connection.shutdown(socket.SHUT_WR)

    site.answers["/"] = cut
    assert refusal(fetcher(), site.url("/")) is Refusal.CONNECTION_FAILED


def test_withdrawn_document_is_read_where_that_is_asked(site: Site) -> None:
    """Open Badges 2 says with a 410 that a badge is withdrawn."""
    site.answers["/"] = reply(b'{"revoked": true}', status="410 Gone")
    answer = fetcher().fetch(site.url("/"), accept="*/*", deadline=Deadline(5), gone=True)
    assert answer.body == b'{"revoked": true}'


def test_answer_is_remembered_for_a_while(site: Site) -> None:
    """Five minutes where nothing is said, as long as it says within an hour, and with the moment it came."""
    clock = Clock()
    fetching = fetcher(clock=clock)
    site.answers["/long"] = reply(b"long", cache_control="public, max-age=86400")
    site.answers["/short"] = reply(b"short", cache_control="max-age=60", age="20")
    site.answers["/never"] = reply(b"never", cache_control="no-store")
    for _ in range(2):
        assert [get(fetching, site.url(path)) for path in ("/", "/long", "/short", "/never")] == [
            b"found",
            b"long",
            b"short",
            b"never",
        ]
    assert sorted(site.paths) == ["/", "/long", "/never", "/never", "/short"]
    site.requests.clear()
    clock.now += timedelta(seconds=50)
    assert fetching.fetch(site.url("/"), accept="application/json", deadline=Deadline(5)).at == NOW
    get(fetching, site.url("/short"))
    clock.now += timedelta(minutes=5)
    get(fetching, site.url("/"))
    get(fetching, site.url("/long"))
    clock.now += timedelta(hours=1)
    get(fetching, site.url("/long"))
    assert site.paths == ["/short", "/", "/long"]


def test_remembered_answer_is_confirmed_by_its_tag(site: Site) -> None:
    """304: the same bytes, known anew from now on. A host that cannot be reached does not bring the old ones back."""
    clock = Clock()
    fetching = fetcher(clock=clock)
    site.answers["/"] = reply(b"first", etag='"1"')
    get(fetching, site.url("/"))
    clock.now += timedelta(minutes=10)
    site.answers["/"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    answer = fetching.fetch(site.url("/"), accept="application/json", deadline=Deadline(5))
    assert (answer.body, answer.at) == (b"first", clock.now)
    assert 'If-None-Match: "1"' in site.requests[-1]
    clock.now += timedelta(minutes=10)
    site.answers["/"] = b""
    assert refusal(fetching, site.url("/")) is Refusal.CONNECTION_FAILED


@pytest.mark.parametrize("tag", ["1", '"a b"', '"é"', '"' + "x" * 300 + '"', '"1"\r\n X-Other: 2', 'W/"1'])
def test_tag_that_is_none_is_not_sent_back(site: Site, tag: str) -> None:
    """A header that somebody else wrote goes into no request unless it is what it should be."""
    clock = Clock()
    fetching = fetcher(clock=clock)
    site.answers["/"] = reply(b"first", etag=tag)
    for _ in range(2):
        assert get(fetching, site.url("/")) == b"first"
        clock.now += timedelta(minutes=10)
    assert len(site.requests) == 2
    assert "If-None-Match" not in site.requests[-1]


def test_memory_is_bounded(site: Site) -> None:
    """So many answers, so many bytes, and none that fills it alone."""
    for number in range(4):
        site.answers[f"/{number}"] = reply(bytes(1000))
    few = fetcher(replace(POLICY, cached_answers=2))
    small = fetcher(replace(POLICY, cached_bytes=4000))
    tiny = fetcher(replace(POLICY, cached_bytes=3999))
    for fetching, kept in ((few, 2), (small, 4), (tiny, 0)):
        for number in range(4):
            get(fetching, site.url(f"/{number}"))
        site.requests.clear()
        for number in reversed(range(4)):
            get(fetching, site.url(f"/{number}"))
        assert len(site.requests) == 4 - kept


def test_host_is_asked_so_often_a_minute(site: Site) -> None:
    """Each redirect counts; what is remembered does not; a minute later it may be asked again."""
    clock = Clock()
    fetching = fetcher(replace(POLICY, per_minute=3), clock=clock)
    site.answers["/moved"] = redirect("/")
    get(fetching, site.url("/moved"))
    get(fetching, site.url("/moved"))
    get(fetching, site.url("/"))
    assert refusal(fetching, site.url("/other")) is Refusal.HOST_BUDGET_SPENT
    clock.now += timedelta(minutes=1)
    assert refusal(fetching, site.url("/other")) is Refusal.NOT_THERE


def test_address_is_asked_so_often_whatever_it_is_called(site: Site) -> None:
    """Many names for one address do not turn us against it."""
    fetching = fetcher(replace(POLICY, per_minute=2))
    get(fetching, site.url("/"))
    get(fetching, site.url("/", ELSEWHERE))
    assert refusal(fetching, site.url("/again", ELSEWHERE)) is Refusal.HOST_BUDGET_SPENT
    assert len(site.requests) == 2


def test_only_so_many_fetch_at_once(site: Site) -> None:
    """Slow hosts never hold every thread of the service."""
    asked, answered = threading.Event(), threading.Event()

    def slow(connection: ssl.SSLSocket) -> None:
        asked.set()
        answered.wait(5)
        connection.sendall(reply(b"late"))

    site.answers["/slow"] = slow
    fetching = fetcher(replace(POLICY, at_once=1))
    waiting = threading.Thread(target=get, args=(fetching, site.url("/slow")))
    waiting.start()
    assert asked.wait(5)
    assert refusal(fetching, site.url("/")) is Refusal.BUSY
    answered.set()
    waiting.join()
    assert get(fetching, site.url("/")) == b"found"


def test_refused_host_is_never_asked(site: Site) -> None:
    """Not at first and not after a redirect, public or not."""
    fetching = fetcher(replace(POLICY, refused_hosts=frozenset({ELSEWHERE})))
    site.answers["/moved"] = redirect(site.url("/", ELSEWHERE))
    assert refusal(fetching, site.url("/", ELSEWHERE)) is Refusal.HOST_REFUSED
    assert refusal(fetching, site.url("/moved")) is Refusal.HOST_REFUSED
    assert site.paths == ["/moved"]


def test_refusal_says_the_host_and_nothing_more(site: Site) -> None:
    """A path or a query may hold somebody's secret."""
    with pytest.raises(NotFetched) as refused:
        get(fetcher(), site.url("/secret?token=hunter2"))
    assert str(refused.value) == f"not_there: {HOST}"
