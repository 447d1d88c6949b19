"""Uses the types as people would."""

from datetime import datetime, timezone
from decimal import Decimal

import events
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
