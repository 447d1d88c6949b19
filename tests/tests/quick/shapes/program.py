"""Reads typed fields of every kind, and meets what cannot be kept with the package's own errors."""

import events
from events.both import Both, BothToObject
from events.both import decode as decode_both
from events.mapped import Cat, Dog, Mapped
from events.mapped import decode as decode_mapped
from events.shorter import Shorter
from events.shorter import decode as decode_shorter
from events.then import Then, decode, encode
from events.uniform import decode as decode_uniform

card: Then = decode(b'{"kind": "card", "number": "4", "cvc": 1}')
assert (card.number, card.cvc) == ("4", 1)
assert encode(decode(b'{"kind":"cash","number":[4]}')) == b'{"kind":"cash","number":[4]}'

paid: Both = decode_both(b'{"kind": "card", "to": {"iban": "x"}, "n": 4}')
assert isinstance(paid.to, BothToObject) and paid.to.iban == "x"

short: Shorter = decode_shorter(b'{"list": [1, null]}')
assert short.list_ is not None and len(short.list_) == 2 and short.list_[0] == 1

whole = decode_uniform(b'{"list": [1, 2]}')
assert whole.list_ is not None and sum(whole.list_) == 3

hound: Mapped = decode_mapped(b'{"kind": "hound", "lives": 9}')
assert isinstance(hound, Dog) and hound.barks is None
assert isinstance(decode_mapped(b'{"kind": "fish", "lives": 9}'), Cat)

# A double that is spelled with an exponent stays one, and half a surrogate an escape.
assert encode(decode(b'{"later":1e300}')) == b'{"later":1e+300}'
assert encode(decode(b'{"later":"\\ud800"}')) == b'{"later":"\\ud800"}'

deep = b'{"later":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
for text in (deep, b'{"later":1e400}', b'{"later":NaN}', b"\xff"):
    try:
        decode(text)
    except events.DecodeError:
        continue
    raise AssertionError(text[:20])

nested: list[object] = []
for _ in range(100_000):
    nested = [nested]
for value in (nested, float("inf"), object()):
    try:
        events.encode({"later": value})
    except events.EncodeError:
        continue
    raise AssertionError(repr(value)[:20])
