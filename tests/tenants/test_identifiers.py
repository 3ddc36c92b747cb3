"""Which tenant a request names, and which names may not be (the rules of RusToK's tenant validation and middleware)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.errors import Validation
from rustok_sim.modules.tenants import RESERVED_SLUGS, Identifier, TenancySettings, identify
from rustok_sim.modules.tenants.identifiers import host, slug, uuid

DEFAULT = Identifier("uuid", "00000000-0000-0000-0000-000000000001")
SOME_UUID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
HEADER = TenancySettings()
HOST = TenancySettings(resolution="host")


@pytest.mark.parametrize("raw", ["a", "7", "my-tenant", "tenant123", "9-", "a" * 63])
def test_slug_is_letters_digits_and_hyphens_after_a_letter_or_digit(raw):
    """The pattern of RusToK's validator, 63 characters at most."""
    assert slug(raw) == raw


@pytest.mark.parametrize(
    "raw", ["", "   ", "-a", "a_b", "a.b", "a b", "tenant@123", "a" * 64, "ä", "a\nb", "'; DROP TABLE--"]
)
def test_slug_is_refused(raw):
    """Everything outside the pattern."""
    with pytest.raises(Validation):
        slug(raw)


def test_slug_is_trimmed_and_lowered():
    """Before it is judged."""
    assert slug("  MyTenant123 ") == "mytenant123"


def test_41_words_are_reserved():
    """Counted in RusToK's list; no tenant may be called one of them in any case."""
    assert len(RESERVED_SLUGS) == 41
    for word in ("api", "admin", "test", "root", "localhost"):
        with pytest.raises(Validation, match="reserved"):
            slug(word.upper())


@pytest.mark.parametrize(
    "raw", ["invalid", SOME_UUID.replace("-", ""), f"{{{SOME_UUID}}}", SOME_UUID[:-1], SOME_UUID + "0"]
)
def test_uuid_is_refused_outside_the_dashed_form(raw):
    """Other spellings of a UUID are not known."""
    with pytest.raises(Validation):
        uuid(raw)


@pytest.mark.parametrize(
    "raw", ["example.com", "sub.example.com", "localhost", "a-b.example", "10.0.0.7", f"{'a' * 63}.com"]
)
def test_host_is_labels_between_dots(raw):
    """Labels of 1 to 63 letters, digits and inner hyphens."""
    assert host(f" {raw.upper()} ") == raw


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "invalid host",
        "example..com",
        "-example.com",
        "example-.com",
        "a_b.com",
        f"{'a' * 64}.com",
        "a." * 126 + "ab",
    ],
)
def test_host_is_refused(raw):
    """Empty or long labels, hyphens at an edge, other characters, more than 253 characters."""
    with pytest.raises(Validation):
        host(raw)


def test_host_of_253_characters_is_the_longest():
    """The bound of RFC 1035, from both sides."""
    longest = "a." * 126 + "a"
    assert len(longest) == 253
    assert host(longest) == longest


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({}, DEFAULT),
        ({"x-tenant-id": "  "}, DEFAULT),
        ({"x-tenant-id": " Acme "}, Identifier("slug", "acme")),
        ({"x-tenant-id": SOME_UUID.upper()}, Identifier("uuid", SOME_UUID)),
        ({"x-tenant-id": SOME_UUID[:-1]}, Identifier("slug", SOME_UUID[:-1])),
        ({"host": "acme.example"}, DEFAULT),
    ],
)
def test_header_names_the_tenant_or_nobody_does(headers, named):
    """No header or a blank one: the default tenant; the dashed UUID form: a UUID; else a slug."""
    assert identify(HEADER, headers) == named


@pytest.mark.parametrize("resolution", ["host", "domain", "subdomain"])
@pytest.mark.parametrize(
    ("headers", "value"),
    [
        ({"host": "Shop.Example:8080"}, "shop.example"),
        ({"x-forwarded-host": "a.example, b.example", "forwarded": "host=c.example", "host": "d.example"}, "a.example"),
        (
            {"forwarded": 'for=1.2.3.4; host="c.example:443"; proto=https, host=e.example', "host": "d.example"},
            "c.example",
        ),
        ({"forwarded": "for=1.2.3.4;proto=https", "host": "d.example"}, "d.example"),
        ({"forwarded": "xhost=c.example", "host": "d.example"}, "d.example"),
    ],
)
def test_host_names_the_tenant_in_full(resolution, headers, value):
    """X-Forwarded-Host, else Forwarded, else Host; without the port. The three settings are one rule."""
    assert identify(TenancySettings(resolution=resolution), headers) == Identifier("host", value)


@pytest.mark.parametrize("headers", [{}, {"x-forwarded-host": ""}, {"host": "a_b"}, {"x-tenant-id": "acme"}])
def test_request_without_a_host_is_refused(headers):
    """Unlike the header, a host has no default; an empty X-Forwarded-Host does not fall through to Host."""
    with pytest.raises(Validation):
        identify(HOST, headers)


def test_no_tenancy_no_name():
    """Switched off, every request is the default tenant's, whatever it says."""
    off = TenancySettings(enabled=False, resolution="host")
    assert identify(off, {"x-tenant-id": "acme", "host": "not a host"}) == DEFAULT


def test_names_of_one_tenant_are_three_keys():
    """Kind and value make the key, so the uuid, slug and host entries of a tenant are independent."""
    assert Identifier("host", "acme.example").key("tenant:v1") == "tenant:v1:host:acme.example"


@given(st.text(max_size=80))
def test_whatever_a_client_sends_is_a_name_or_refused(text):
    """No header makes the rules fail in another way, and an accepted name is its own normal form."""
    for settings, header in ((HEADER, "x-tenant-id"), (HOST, "host")):
        try:
            named = identify(settings, {header: text})
        except Validation:
            continue
        assert identify(settings, {header: named.value}) == named
