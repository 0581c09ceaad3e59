"""Which addresses may be fetched from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify import web_address
from verify.web_address import NotFetched, Refusal

PUBLIC = ["8.8.8.8", "93.184.215.14", "1.1.1.1", "2606:4700::1111", "2001:4860:4860::8888", "2a01:e00::1"]
NOT_PUBLIC = {
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],  # noqa: S104 - compared, never bound
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%eth0", "fec0::1"],
    "shared": ["100.64.0.1", "100.127.255.255"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.0.9", "192.0.0.170", "100::1", "5f00::1", "4000::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "benchmarking": ["198.18.0.1", "2001:2::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1"],
    "compatible": ["::127.0.0.1", "::8.8.8.8"],
    "6to4": ["2002:7f00:1::", "2002:808:808::1", "192.88.99.1"],
    "Teredo": ["2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"],
    "no address": ["", "localhost", "127.1", "0x7f000001", "2130706433", "127.0.0.1 ", "1.1.1.1/32"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_address_of_a_public_host_passes(address: str) -> None:
    """Ordinary hosts of the internet."""
    assert web_address.is_public(address)


@pytest.mark.parametrize("kind", NOT_PUBLIC)
def test_address_that_is_not_one_public_host_is_refused(kind: str) -> None:
    """Everything that leads inside, to many, to nobody, or to an IPv4 address in disguise."""
    assert [each for each in NOT_PUBLIC[kind] if web_address.is_public(each)] == []


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://issuer.example", ("issuer.example", 443, "/")),
        ("HTTPS://Issuer.Example/A/b?c=d#e", ("issuer.example", 443, "/A/b?c=d")),
        ("https://issuer.example:443/a", ("issuer.example", 443, "/a")),
        ("https://issuer.example:8443/%C3%A9", ("issuer.example", 8443, "/%C3%A9")),
        ("https://xn--caf-dma.example?q", ("xn--caf-dma.example", 443, "/?q")),
    ],
)
def test_address_is_read(url: str, read: tuple[str, int, str]) -> None:
    """Host, port and what to ask for; a fragment is not sent."""
    found = web_address.read(url)
    assert (found.host, found.port, found.target) == read
    assert web_address.read(found.url) == found


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://issuer.example/", Refusal.NOT_HTTPS),
        ("ftp://issuer.example/", Refusal.NOT_HTTPS),
        ("issuer.example", Refusal.NOT_HTTPS),
        ("", Refusal.ADDRESS_MALFORMED),
        ("https:///a", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.example/" + "a" * 2000, Refusal.ADDRESS_MALFORMED),
        ("https://a@issuer.example/", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.example:8443@127.0.0.1/", Refusal.ADDRESS_MALFORMED),
        ("https://127.0.0.1/", Refusal.ADDRESS_MALFORMED),
        ("https://127.1/", Refusal.ADDRESS_MALFORMED),
        ("https://0x7f000001/", Refusal.ADDRESS_MALFORMED),
        ("https://017700000001/", Refusal.ADDRESS_MALFORMED),
        ("https://[::1]/", Refusal.ADDRESS_MALFORMED),
        ("https://[::ffff:127.0.0.1%25eth0]/", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.example./", Refusal.ADDRESS_MALFORMED),
        ("https://issuer_example/", Refusal.ADDRESS_MALFORMED),
        ("https://café.example/", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.example/a b", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.example/\r\nX: y", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.example\t/", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.example\\@127.0.0.1/", Refusal.ADDRESS_MALFORMED),
        ("https://issuer.example:22/", Refusal.PORT_REFUSED),
        ("https://issuer.example:80/", Refusal.PORT_REFUSED),
        ("https://issuer.example:0/", Refusal.PORT_REFUSED),
        ("https://issuer.example:/", Refusal.PORT_REFUSED),
        ("https://issuer.example:65536/", Refusal.PORT_REFUSED),
        ("https://issuer.example:0443/", Refusal.PORT_REFUSED),
    ],
)
def test_address_that_may_not_be_fetched_is_refused(url: str, why: Refusal) -> None:
    """Not https, not a name, not a port for anybody, or not a URL."""
    with pytest.raises(NotFetched) as refused:
        web_address.read(url)
    assert refused.value.refusal is why


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://issuer.example", "https://issuer.example/"]))
def test_reading_an_address_never_breaks(text: str, start: str) -> None:
    """Whatever stands there: an address that can be sent, or a refusal."""
    try:
        found = web_address.read(start + text)
    except NotFetched:
        return
    assert found.url.isascii()
    assert found.url.isprintable()
    assert " " not in found.url


@given(st.ip_addresses())
def test_no_ipv4_address_hides_in_a_public_ipv6_one(address) -> None:
    """A public IPv6 address carries no IPv4 address by any standard."""
    if address.version == 6 and web_address.is_public(str(address)):
        assert (address.ipv4_mapped, address.sixtofour, address.teredo) == (None, None, None)
