"""Whether generated Python reads a document the same whether the library parses it or the package itself does.

Arguments: the folder of the package, its name, and how many variants of each kind there are of a document. Reads {"topic", "doc"} a line; each document is asked about as it stands and in many
odd variants. Prints one object: how many texts were read, how many documents the library alone read, and where both ways differ.
"""

import importlib
import json
import random
import sys

sys.path.insert(0, sys.argv[1])
events = importlib.import_module(sys.argv[2])
registry = importlib.import_module(f"{sys.argv[2]}._registry")
models = importlib.import_module(f"{sys.argv[2]}._models")

MARK = "\u2603 here"
SPELLINGS = """
0 1 -0 0.0 -0.0 1.0 1.50 -7.25 1e2 1E+2 0.1e1 1e22 1e300 1e400 -1e400 5e-324 1e-400 1.00000000000000000001 0.1234567890123456789
9007199254740991.0 9007199254740992.0 9007199254740993 9007199254740993.0 9007199254740993.5 -9007199254740993.0 18446744073709551616
123456789012345678901 123456789012345678901.0 123456789012345678901.5 NaN Infinity -Infinity nan true false null "" "1" "1.5" "NaN"
"\\u0000" "\\ud83d\\ude00" "\\ud800" "\\udc00\\ud800" "\\u00e9" "\\/" "\\x41" [] [1.0] [NaN] [1e400] [[9007199254740993.0]] {} {"a":1.0}
{"a":NaN} {"a":{"b":[-1e400]}} {"a":1,"a":2} {"a":{},"a":1e999} {"type":1.0} +1 01 1. .5 1e - tru 'a' [1,] {"a":1,} {"a"} // 0x10 1_0
""".split()
SPELLINGS += ["9" * digits for digits in (4096, 4300, 4301, 5000)] + ["-" + "9" * 4300, "0." + "3" * 5000, "[" * 150 + "]" * 150]
SPELLINGS += ["[" * 400 + "1.0" + "]" * 400, '{"a":' * 300 + "1" + "}" * 300, '{"a":' * 3000 + "1e400" + "}" * 3000]
VARIANTS = int(sys.argv[3])


def is_readable(spelling):
    try:
        models.parse(spelling)
    except events.DecodeError:
        return False
    return True


READABLE = [spelling for spelling in SPELLINGS if is_readable(spelling)]


def places(value, path=()):
    """Where something stands in a document."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def changed(value, path, change):
    """The document with another value at a place."""
    if not path:
        return change(value)
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], change)
    return copy


def put(document, path, spelling, name=None, first=False):
    """The text of the document with a spelling at a place, or there in a further property, which may have the name of another."""

    def change(value):
        if name is None:
            return MARK
        return {MARK + "!": MARK, **value} if first else {**value, MARK + "!": MARK}

    text = json.dumps(changed(document, path, change), ensure_ascii=False, separators=(",", ":"))
    return text.replace(f'"{MARK}!"', json.dumps(name)).replace(f'"{MARK}"', spelling)


def variants(document, chance):
    """Texts, and bytes that are no text, which are like a document."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    data = text.encode()
    yield from [data, text, bytearray(data), memoryview(data), json.dumps(document), json.dumps(document, indent=1).encode()]
    yield text.replace('":"', '":"\ud800', 1)
    yield from [b"\xef\xbb\xbf" + data, "\ufeff" + text, text.encode("utf-16"), data + b" \n", data + b"\0", data + data, b"", b" "]
    at = chance.randrange(len(data) + 1)
    yield from [data[:at], data[:at] + b"\xff" + data[at:], data[:at] + b"\xed\xa0\x80" + data[at:], data[:at] + b"\x01" + data[at:]]
    everywhere = list(places(document))
    for _ in range(VARIANTS):
        yield put(document, chance.choice(everywhere), chance.choice(SPELLINGS)).encode("utf-8", "surrogatepass")
    objects = [path for path in everywhere if isinstance(at_path(document, path), dict)]
    for _ in range(VARIANTS if objects else 0):
        path = chance.choice(objects)
        known = list(at_path(document, path))
        name = chance.choice([*known, "unknown", "un known", "\u00e9", 'quo"te', "model_extra", "extra", "self"])
        same = json.dumps(at_path(document, path).get(name))
        first = chance.random() < 0.5
        # pydantic's parser does not say what stood under a name that comes again.
        spellings = READABLE if name in known and first else SPELLINGS
        yield put(document, path, chance.choice([*spellings, same, same, same]), name, first)


def at_path(value, path):
    for key in path:
        value = value[key]
    return value


def shape(value):
    """A value with all its types and all that it holds; a number below 2^53 is the same with and without a point."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return ("int", str(int(value)))
    if isinstance(value, dict):
        return [(key, shape(member)) for key, member in sorted(value.items())]
    if isinstance(value, (list, tuple)):
        return [shape(item) for item in value]
    kind = type(value).__name__
    if hasattr(value, "model_fields_set"):
        return (kind, sorted(value.model_fields_set), shape(value.__dict__), shape(value.model_extra))
    if hasattr(value, "__struct_fields__"):
        return (kind, [shape(getattr(value, name)) for name in value.__struct_fields__], shape(value.extra))
    return (kind, repr(value))


def outcome(read, data):
    try:
        return shape(models.with_room(lambda: read(data)))
    except events.DecodeError as error:
        return f"refused: {error}"


def main():
    chance = random.Random(1)
    texts, documents, alone, wrong = 0, 0, 0, []
    carefully = models.Codec.decode_carefully
    calls = []
    models.Codec.decode_carefully = lambda codec, data: calls.append(data) or carefully(codec, data)
    for line in sys.stdin:
        case = json.loads(line)
        module = registry._module(case["topic"])
        codecs = [codec for name, codec in vars(module).items() if name in ("_payload", "_event")]
        document = json.loads(case["doc"])
        for codec in codecs:
            if codec is module._payload:
                calls.clear()
                outcome(codec.decode, case["doc"])
                documents, alone = documents + 1, alone + (not calls)
            for data in variants(document, chance):
                texts += 1
                one, other = outcome(codec.decode, data), outcome(lambda data: carefully(codec, data), data)
                if one != other and len(wrong) < 20:
                    wrong.append(f"{case['topic']}: {bytes(data, 'utf-8', 'replace') if isinstance(data, str) else bytes(data)!r:.700}"
                                 f"\n    alone:     {one!r:.700}\n    carefully: {other!r:.700}")
    print(json.dumps({"texts": texts, "documents": documents, "alone": alone, "wrong": wrong}))


main()
