"""`nascar serve`: what it refuses before it listens."""

from __future__ import annotations

import importlib.util
import socket

import pytest

from tests.conftest import Nascar


def test_another_address_without_a_token_is_refused(nascar: Nascar) -> None:
    left = nascar("serve", "--address", "192.0.2.1")
    assert 2 == left.code
    assert "set a token with --token or NASCAR_TOKEN" in left.err


@pytest.mark.usefixtures("almanac")
def test_a_port_that_is_taken_is_named(nascar: Nascar) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        left = nascar("serve", "--port", port)
    assert 8 == left.code
    assert f"127.0.0.1 port {port} cannot be served" in left.err


def test_without_the_extra_it_says_what_to_install(nascar: Nascar, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else find(name))
    left = nascar("serve")
    assert (2, "") == (left.code, left.out)
    assert "pip install 'nascar-warehouse[web]'" in left.err
