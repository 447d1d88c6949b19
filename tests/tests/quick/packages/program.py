"""A service that has the generated package as `service.vendor.contracts`; every warning is an error."""

# What is deprecated must be marked for the comments below to be needed.
# pyright: reportUnnecessaryTypeIgnoreComment=true

import warnings
from typing import Any

from typing_extensions import assert_type

from models import MODELS
from service.vendor import contracts
from service.vendor.contracts import EnvelopeFields
from service.vendor.contracts.shop.envelope import ShopEnvelope
from service.vendor.contracts.shop.order import paid
from service.vendor.contracts.shop.order.placed import TOPIC, OrderPlaced, encode_valid, encode_valid_event, fields_of, wrap
from service.vendor.contracts.shop.types import Line

# By topic, with types.
payload = contracts.decode("order.placed", b'{"order":"A1","lines":[{"count":2}],"gift":true}')
assert_type(payload, OrderPlaced)
event = contracts.decode_event("order.placed", '{"id":"1","type":"order.placed","data":{"order":"A1"}}')
assert_type(event, ShopEnvelope[OrderPlaced])


def any_event(topic: str) -> None:
    assert_type(contracts.decode(topic, b'{"order":"A1"}'), Any)


any_event("order.placed")
assert payload.lines == [Line(count=2)], payload

# In an envelope, caused by another event.
first = wrap(payload, EnvelopeFields(id="e-1", source="web", more={"/meta/tenant": "t"}))
assert_type(first, ShopEnvelope[OrderPlaced])
assert encode_valid_event(first) == (
    b'{"id":"e-1","type":"order.placed","meta":{"version":"1.2.0","source":"web","tenant":"t"},'
    b'"data":{"order":"A1","lines":[{"count":2}],"gift":true}}'
), encode_valid_event(first)
second = wrap(OrderPlaced(order="A2"), EnvelopeFields().stamped().caused_by(fields_of(first)))
fields = fields_of(second)
assert (fields.causation, fields.correlation) == ("e-1", "e-1"), fields
assert fields.id is not None and len(fields.id) == 36 and (fields.time or "").endswith("Z"), fields
assert contracts.validate_event(TOPIC.name, second) == []


def refused(send: Any) -> str:
    try:
        send()
    except contracts.ValidationError as error:
        return "; ".join(f"{violation.pointer} {violation.message}" for violation in error.violations)
    raise AssertionError("it was sent")


# What breaks the contract is not sent.
assert refused(lambda: wrap(payload, EnvelopeFields())) == ' must have the property "id"'
assert refused(lambda: encode_valid(OrderPlaced(order="A"))) == "/order must have at least 2 characters"
assert refused(lambda: encode_valid_event(wrap(OrderPlaced(order="A"), EnvelopeFields(id="1")))) == "/data/order must have at least 2 characters"
assert refused(lambda: contracts.encode_valid("order.placed", {"lines": [{"count": 0}]})) == (
    '/lines/0/count must be at least 1;  must have the property "order"'
)
assert encode_valid(OrderPlaced(order="A1")) == contracts.encode_valid("order.placed", {"order": "A1"}) == b'{"order":"A1"}'

# What is deprecated says so where tools look, and nothing warns when events are read or written.
for function in (paid.OrderPaid, paid.decode, paid.decode_event):  # pyright: ignore[reportDeprecated]
    message = getattr(function, "__deprecated__")
    assert message == "order.paid is deprecated since 2026-01-01; use `order.placed`", message
assert contracts.encode(contracts.decode("order.paid", b'{"order":"A1"}')) == b'{"order":"A1"}'
if MODELS == "pydantic":
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert payload.gift is True
    assert [str(each.category) for each in caught] == ["<class 'DeprecationWarning'>"], caught
