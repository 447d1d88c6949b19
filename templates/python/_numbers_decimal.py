"""What decoding makes of a number: int, or Decimal with all its digits."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["DOUBLES", "decoded_number"]

# As many as CPython, pydantic and msgspec read.
_MAX_DIGITS = 4300
# Below this a double stands for its text: nowhere.
DOUBLES = 0.0


def decoded_number(text: str) -> int | Decimal:
    """A number that is spelled with a fraction or an exponent."""
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        raise ValueError(f"a number of more than {_MAX_DIGITS} digits")
    whole = int(number)
    return whole if number == whole else number
