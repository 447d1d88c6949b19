"""What decoding makes of a number: int, or float."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["MOST_DIGITS", "decoded_number"]

MOST_DIGITS = 4096
_EXACT = 2**53


def decoded_number(text: str) -> int | float:
    """A number that is spelled with a fraction or an exponent."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is out of the range of IEEE 754 doubles")
    if not number.is_integer():
        return number
    # An integer above 2^53 may be spelled more exactly than a float can hold.
    exact = int(number) if abs(number) < _EXACT else Decimal(text)
    return int(exact) if exact == int(exact) else number
