"""Time for engines: the machine's, or a test's own."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Protocol

__all__ = ["Clock", "MachineClock", "Timer", "VirtualClock", "rfc3339"]


class Timer(Protocol):
    """A call that is due at a time."""

    def cancel(self) -> None:
        """Lets it not be made."""


class Clock(Protocol):
    """Milliseconds from any one moment on, and calls when some of them are over."""

    def now(self) -> int:
        """Returns the time."""
        ...

    def utc(self) -> datetime:
        """Returns the time of the calendar."""
        ...

    def at(self, time: int, call: Callable[[], None]) -> Timer:
        """Makes a call at a time, or soon if it is past."""
        ...


class MachineClock:
    """The machine's clock."""

    def now(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def utc(self) -> datetime:
        return datetime.now(timezone.utc)

    def at(self, time: int, call: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(max(time - self.now(), 0) / 1_000, call)


class _VirtualTimer:
    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None


class VirtualClock:
    """A clock that stands until a test moves it."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=timezone.utc)) -> None:
        self._start = start
        self._now = 0
        self._count = 0
        self._timers: list[tuple[int, int, _VirtualTimer]] = []

    def now(self) -> int:
        return self._now

    def utc(self) -> datetime:
        return self._start + timedelta(milliseconds=self._now)

    def at(self, time: int, call: Callable[[], None]) -> Timer:
        timer = _VirtualTimer(call)
        self._count += 1
        heapq.heappush(self._timers, (max(time, self._now), self._count, timer))
        return timer

    def next(self) -> int | None:
        """Returns the time of the next call."""
        while self._timers and self._timers[0][2].call is None:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def move(self, time: int) -> None:
        """Goes on to a time, and makes the calls that are due on the way."""
        while (due := self.next()) is not None and due <= time:
            self._now = due
            _, _, timer = heapq.heappop(self._timers)
            if timer.call is not None:
                timer.call()
        self._now = max(self._now, time)


def rfc3339(time: datetime) -> str:
    """Returns a time in UTC, to the millisecond: ``2026-01-22T03:41:09.507Z``."""
    return f"{time.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
