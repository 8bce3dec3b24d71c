"""Whether there is a network is found out soon."""

from __future__ import annotations

import socket
import threading
import urllib.request

import pytest

from seqkit.datasets import network
from seqkit.datasets.network import seems_offline


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setattr(network, "getproxies", dict)


@pytest.fixture
def know(monkeypatch):
    """Makes these hosts known, and no others."""

    def know(*hosts: str) -> None:
        def look_up(host, *args):
            if host not in hosts:
                raise socket.gaierror(-2, "Name or service not known")
            return []

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return know


def test_one_known_host_is_enough(know):
    know("b.example")
    assert not seems_offline(["a.example", "b.example"])
    assert seems_offline(["a.example", "c.example"])


def test_nothing_is_said_without_hosts(know):
    know()
    assert not seems_offline([])


@pytest.mark.parametrize("scheme", ["http", "https", "all"])
def test_a_proxy_looks_hosts_up_itself(scheme, know, monkeypatch):
    know()
    monkeypatch.setattr(network, "getproxies", lambda: {scheme: "http://proxy.example:3128"})
    assert not seems_offline(["a.example"])


def test_exceptions_from_a_proxy_are_no_proxy(know, monkeypatch):
    know()
    monkeypatch.setattr(network, "getproxies", lambda: {"no": "localhost"})
    assert seems_offline(["a.example"])


def test_proxies_of_the_environment_count(know, monkeypatch):
    know()
    monkeypatch.setattr(network, "getproxies", urllib.request.getproxies)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert not seems_offline(["a.example"])


def test_a_lookup_that_hangs_is_given_up(monkeypatch):
    end = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args: end.wait())
    try:
        assert seems_offline(["a.example"], seconds=0.01)
    finally:
        end.set()


def test_a_host_that_cannot_be_written_as_a_name(monkeypatch):
    assert seems_offline(["a" * 64 + ".example"])
