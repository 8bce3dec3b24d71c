"""Looks for a network before somebody else waits for one."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Sequence
from urllib.request import getproxies

LOOK_UP_SECONDS = 5.0


def seems_offline(hosts: Sequence[str], seconds: float = LOOK_UP_SECONDS) -> bool:
    """Whether none of the hosts has an address.

    Says nothing (False) without hosts, and where a proxy is configured: the proxy then looks them
    up, and this machine may be unable to.

    Args:
        hosts: names of hosts.
        seconds: how long all lookups together may take.

    Example:
        >>> seems_offline([])
        False
    """
    if not hosts or {"http", "https", "all"} & getproxies().keys():
        return False
    answer: queue.SimpleQueue[bool] = queue.SimpleQueue()
    # Nothing stops a lookup that hangs; a daemon does not keep the program from ending.
    threading.Thread(target=lambda: answer.put(any(map(_exists, hosts))), daemon=True).start()
    try:
        return not answer.get(timeout=seconds)
    except queue.Empty:
        return True


def _exists(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return True
