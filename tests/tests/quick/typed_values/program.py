"""Uses the types as people would."""

from datetime import datetime, timezone
from decimal import Decimal

import events
from events.loose import v1 as loose
from events.sample.v1 import Sample, decode, encode

AT = datetime(2026, 11, 27, 10, 15, 30, tzinfo=timezone.utc)

sample = Sample(at=events.DateTime.of(AT), count=3, number=Decimal("0.10"), byte=events.Bytes.of(b"hi"))
assert sample.at == "2026-11-27T10:15:30Z"
assert sample.at.parsed() == AT
assert encode(sample) == b'{"at":"2026-11-27T10:15:30Z","count":3,"byte":"aGk=","number":0.10}', encode(sample)

again = decode(encode(sample))
assert again == sample
assert isinstance(again.at, events.DateTime)
assert isinstance(again.byte, events.Bytes) and again.byte.parsed() == b"hi"
assert isinstance(again.number, Decimal) and again.number == Decimal("0.1")

odd = decode(b'{"at":"some day","count":3}')
try:
    odd.at.parsed()
except ValueError as error:
    assert str(error) == "the text is not a date and time with its offset (RFC 3339)"
else:
    raise AssertionError("some day is no time")

# A schema without `type` lets everything but objects pass, and objects are what it says.
open_object = loose.decode(b'{"a":"x","inner":{"b":1}}')
assert isinstance(open_object, loose.LooseObject) and open_object.a == "x"
assert isinstance(open_object.inner, loose.LooseObjectInnerObject) and open_object.inner.b == 1
assert loose.encode(loose.LooseObject(a="x", inner=loose.LooseObjectInnerObject(b=1))) == loose.encode(open_object)
for text in (b'["x",{"a":1}]', b'"x"', b"true", b"null", b"12345678901234567890", b"0.1"):
    assert loose.encode(loose.decode(text)) == text, loose.decode(text)
try:
    loose.decode(b'{"a":1}')
except events.DecodeError:
    pass
else:
    raise AssertionError("a is no string")
