"""JSON values as JSON Schema sees them: what a number is, which values are equal, what to call one."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from ._runtime import is_list, is_object
from ._sentences import MAX_FOUND_LENGTH, counted, literal

__all__ = ["describe", "exact", "frozen", "is_integer", "is_number", "multiple"]


def exact(value: Any) -> Any:
    """A number as int or Decimal; a float means the shortest decimal that denotes it."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return math.isfinite(value)  # JSON has neither NaN nor infinities
    return isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())


def is_integer(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool)
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, Decimal) and value.is_finite() and bool(value == value.to_integral_value())


def frozen(value: Any) -> Any:
    """A key that is equal for values that JSON Schema calls equal."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, float):
        return exact(value)
    if is_object(value):
        return ("object", frozenset((key, frozen(member)) for key, member in value.items()))
    if is_list(value):
        return ("array", tuple(frozen(item) for item in value))
    return value


def multiple(value: Any, of: Any) -> bool:
    """Whether a number is a multiple, by integers alone, whatever the exponents."""
    (digits, exponent), (divisor, scale) = _scaled(value), _scaled(of)
    if digits == 0:
        return True
    shift = exponent - scale
    if shift >= 0:
        return bool(digits % divisor * pow(10, shift, divisor) % divisor == 0)
    if -shift > len(str(abs(digits))):
        return False
    return bool(digits % (divisor * 10**-shift) == 0)


def _scaled(value: Any) -> tuple[int, int]:
    if isinstance(value, int):
        return value, 0
    sign, digits, exponent = exact(value).as_tuple()
    whole = int("".join(map(str, digits)))
    return (-whole if sign else whole), int(exponent)


def describe(value: Any) -> str:
    """A value in a few words; of lists, objects and long texts only the size."""
    if is_object(value):
        return f"an object of {counted(len(value), 'property', 'properties')}"
    if is_list(value):
        return f"an array of {counted(len(value), 'item', 'items')}"
    if isinstance(value, str):
        return literal(value) if len(value) <= MAX_FOUND_LENGTH else f"a string of {len(value)} characters"
    if value is None or isinstance(value, bool) or is_number(value):
        return literal(value)
    return f"a Python {type(value).__name__}"
