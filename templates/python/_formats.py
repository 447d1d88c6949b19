"""Strings that a format describes: each is a `str`, the text as it came, and `parsed` reads it.

A format is an annotation: a document in which a date is no date is as valid as any other, so it decodes and comes back unchanged.
"""

from __future__ import annotations

import base64
import re
from datetime import date, datetime, time, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from importlib import import_module
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Bytes", "Date", "DateTime", "Duration", "Email", "Formatted", "Ipv4", "Ipv6", "Time", "Uri", "Uuid"]

_CLOCK = r"\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"


class Formatted(str):
    """A string with a format."""

    __slots__ = ()

    expected: ClassVar[str] = "a string"
    """What `parsed` reads."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        # By name: a package of msgspec structs has no pydantic around it.
        core_schema = import_module("pydantic_core.core_schema")
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())

    def _fits(self, pattern: str) -> str:
        """The text, if it has the form: what the standard library reads is often wider."""
        if re.fullmatch(pattern, self, re.ASCII) is None:
            raise self._wrong()
        return str(self)

    def _wrong(self) -> ValueError:
        """An error without the text, which may be sensitive."""
        return ValueError(f"the text is not {self.expected}")


class DateTime(Formatted):
    """A date and time with its offset (RFC 3339). A leap second is no `datetime`, and digits past microseconds are cut off."""

    __slots__ = ()
    expected = "a date and time with its offset (RFC 3339)"

    @classmethod
    def of(cls, value: datetime) -> Self:
        """The text of a datetime, which must have a time zone."""
        if value.utcoffset() is None:
            raise ValueError("a datetime without a time zone has no text in RFC 3339")
        return cls(_with_z(value.isoformat()))

    def parsed(self) -> datetime:
        """The datetime that the text spells. Raises ValueError."""
        text = self._fits(rf"\d{{4}}-\d\d-\d\d[Tt ]{_CLOCK}")
        try:
            return datetime.fromisoformat(text.upper())
        except ValueError:
            raise self._wrong() from None


class Date(Formatted):
    """A date (RFC 3339)."""

    __slots__ = ()
    expected = "a date (RFC 3339)"

    @classmethod
    def of(cls, value: date) -> Self:
        """The text of a date."""
        return cls(date(value.year, value.month, value.day).isoformat())

    def parsed(self) -> date:
        """The date that the text spells. Raises ValueError."""
        text = self._fits(r"\d{4}-\d\d-\d\d")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self._wrong() from None


class Time(Formatted):
    """A time of day with its offset (RFC 3339)."""

    __slots__ = ()
    expected = "a time with its offset (RFC 3339)"

    @classmethod
    def of(cls, value: time) -> Self:
        """The text of a time, whose time zone must be an offset."""
        if value.utcoffset() is None:
            raise ValueError("a time without an offset has no text in RFC 3339")
        return cls(_with_z(value.isoformat()))

    def parsed(self) -> time:
        """The time that the text spells. Raises ValueError."""
        text = self._fits(_CLOCK)
        try:
            return time.fromisoformat(text.upper())
        except ValueError:
            raise self._wrong() from None


class Duration(Formatted):
    """A duration (ISO 8601). One with years or months has no length in days, and is no `timedelta`."""

    __slots__ = ()
    expected = "a duration of weeks, days, hours, minutes and seconds (ISO 8601)"

    @classmethod
    def of(cls, value: timedelta) -> Self:
        """The text of a timedelta that is not negative."""
        if value < timedelta():
            raise ValueError("a negative timedelta has no text in ISO 8601")
        seconds = f"{value.seconds}.{value.microseconds:06}".rstrip("0").rstrip(".")
        days = f"{value.days}D" if value.days else ""
        return cls(f"P{days}T{seconds}S" if seconds != "0" or not days else f"P{days}")

    def parsed(self) -> timedelta:
        """The timedelta that the text spells. Raises ValueError."""
        found = re.fullmatch(
            r"P(?=\d|T\d)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
            r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
            self,
            re.ASCII,
        )
        if found is None:
            raise self._wrong()
        try:
            return timedelta(**{name: float(text) if "." in text else int(text) for name, text in found.groupdict("0").items()})
        except (OverflowError, ValueError):
            raise self._wrong() from None


class Uuid(Formatted):
    """A UUID (RFC 9562)."""

    __slots__ = ()
    expected = "a UUID"

    @classmethod
    def of(cls, value: UUID) -> Self:
        """The text of a UUID."""
        return cls(value)

    def parsed(self) -> UUID:
        """The UUID that the text spells. Raises ValueError."""
        return UUID(self._fits(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"))


class Uri(Formatted):
    """A URI with a scheme (RFC 3986)."""

    __slots__ = ()
    expected = "a URI with a scheme"

    @classmethod
    def of(cls, value: SplitResult) -> Self:
        """The text of a URI in parts."""
        return cls(value.geturl())

    def parsed(self) -> SplitResult:
        """The parts of the URI. Raises ValueError."""
        try:
            parts = urlsplit(str(self))
        except ValueError:
            raise self._wrong() from None
        if not parts.scheme:
            raise self._wrong()
        return parts


class Email(Formatted):
    """An e-mail address (RFC 5321)."""

    __slots__ = ()
    expected = "an e-mail address"

    @classmethod
    def of(cls, value: Address) -> Self:
        """The text of an address."""
        return cls(value.addr_spec)

    def parsed(self) -> Address:
        """The parts of the address. Raises ValueError."""
        try:
            address = Address(addr_spec=str(self))
        except (ValueError, IndexError, MessageError):
            raise self._wrong() from None
        if not address.username or not address.domain:
            raise self._wrong()
        return address


class Ipv4(Formatted):
    """An IPv4 address."""

    __slots__ = ()
    expected = "an IPv4 address"

    @classmethod
    def of(cls, value: IPv4Address) -> Self:
        """The text of an address."""
        return cls(value)

    def parsed(self) -> IPv4Address:
        """The address that the text spells. Raises ValueError."""
        try:
            return IPv4Address(str(self))
        except ValueError:
            raise self._wrong() from None


class Ipv6(Formatted):
    """An IPv6 address, perhaps with a zone."""

    __slots__ = ()
    expected = "an IPv6 address"

    @classmethod
    def of(cls, value: IPv6Address) -> Self:
        """The text of an address."""
        return cls(value)

    def parsed(self) -> IPv6Address:
        """The address that the text spells. Raises ValueError."""
        try:
            return IPv6Address(str(self))
        except ValueError:
            raise self._wrong() from None


class Bytes(Formatted):
    """Bytes in base64 (RFC 4648, section 4); padding may be missing."""

    __slots__ = ()
    expected = "base64"

    @classmethod
    def of(cls, value: bytes) -> Self:
        """The text of bytes."""
        return cls(base64.b64encode(value).decode())

    def parsed(self) -> bytes:
        """The bytes that the text spells. Raises ValueError."""
        try:
            return base64.b64decode(self + "=" * (-len(self) % 4), validate=True)
        except ValueError:
            raise self._wrong() from None


def _with_z(text: str) -> str:
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text
