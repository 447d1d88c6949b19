"""What decoding makes of a number: int, or float."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["DOUBLES", "decoded_number"]

# From here on a double is written with an exponent, as JavaScript has it.
_LARGE = 1e21

# Below this a double that has no fraction is the integer that its text spells.
DOUBLES = 2.0**53


def decoded_number(text: str) -> int | float:
    """A number that is spelled with a fraction or an exponent."""
    number = float(text)
    if -DOUBLES < number < DOUBLES:
        return int(number) if number.is_integer() else number
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is out of the range of IEEE 754 doubles")
    exact = Decimal(text)
    if abs(number) >= _LARGE and Decimal(repr(number)) == exact:
        return number  # nobody wants three hundred digits for 1e300
    return int(exact) if exact == int(exact) else number
