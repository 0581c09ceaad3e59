"""What a fetcher remembers: answers for a while, and how often each host was asked. Both within fixed bounds.

Nothing remembered makes a badge valid: an answer stays what it was when it came, with the moment at which it came.

Source: RFC 9111, sections 4.2 (freshness), 4.3 (validation) and 5.2.2 (response directives).
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

_MINUTE = timedelta(minutes=1)
_DIRECTIVE = re.compile(r"\s*([a-z-]+)(?:=\"?([0-9]{1,9})\"?)?\s*")

Key = tuple[str, str]
"""The address and the kinds of document accepted from it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: `at` is when it came or was last confirmed, `fresh_until` when it has to be asked again."""

    body: bytes
    etag: str | None
    at: datetime
    fresh_until: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may be given again without asking; not before it came, should a clock be set back."""
        return self.at <= now < self.fresh_until

    def confirmed(self, now: datetime, fresh_for: timedelta) -> Answer:
        """The same answer, which its host said at `now` is still the one."""
        return replace(self, at=now, fresh_until=now + fresh_for)


class Cache:
    """The latest answers, at most so many and so many bytes: the least recently used gives way."""

    def __init__(self, most_answers: int, most_bytes: int) -> None:
        self._most_answers = most_answers
        self._most_bytes = most_bytes
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Key) -> Answer | None:
        """The answer, fresh or not, or None."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: Key, answer: Answer) -> None:
        """Remember the answer; one that would fill more than a quarter of the cache is not remembered."""
        with self._lock:
            self._forget(key)
            if len(answer.body) > self._most_bytes // 4:
                return
            self._answers[key] = answer
            self._bytes += len(answer.body)
            while self._bytes > self._most_bytes or len(self._answers) > self._most_answers:
                self._forget(next(iter(self._answers)))

    def forget(self, key: Key) -> None:
        """Remember nothing of the address any longer."""
        with self._lock:
            self._forget(key)

    def _forget(self, key: Key) -> None:
        answer = self._answers.pop(key, None)
        if answer is not None:
            self._bytes -= len(answer.body)


class Budget:
    """How often each of many may be asked in a minute; of more than `most_names` the longest unasked is forgotten."""

    def __init__(self, per_minute: int, most_names: int = 4096) -> None:
        self._per_minute = per_minute
        self._most_names = most_names
        self._spent: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def spend(self, name: str, now: datetime) -> bool:
        """Whether it may be asked once more now; counted where it may."""
        with self._lock:
            moments = self._spent.setdefault(name, deque())
            self._spent.move_to_end(name)
            while moments and not now - _MINUTE < moments[0] <= now:
                moments.popleft()
            if len(moments) >= self._per_minute:
                return False
            moments.append(now)
            while len(self._spent) > self._most_names:
                self._spent.popitem(last=False)
            return True


def fresh_for(cache_control: str, age: str, *, default: timedelta, longest: timedelta) -> timedelta | None:
    """How long an answer with these headers stays fresh, never longer than `longest`; None: not to be remembered."""
    matches = (_DIRECTIVE.fullmatch(part) for part in cache_control.lower().split(","))
    directives = {match[1]: match[2] for match in matches if match}
    if "no-store" in directives:
        return None
    if "no-cache" in directives:
        return timedelta(0)
    stated = directives.get("max-age")
    if stated is None:
        return min(default, longest)
    passed = int(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0
    return min(timedelta(seconds=max(0, int(stated) - passed)), longest)
