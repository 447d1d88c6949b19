"""How long generated pydantic models and msgspec structs take to read JSON, against models written by hand (handwritten/).

Rewrites its tables in docs/speed.md. Packages are installed below target/bench.

    python3 tests/bench/speed/python.py          EVENTC=path/to/eventc: that one, instead of a release build
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WORK = ROOT / "target/bench/speed"
PACKAGES = ["pydantic==2.14.3", "msgspec==0.22.0"]
ROUNDS = 40
# So long does one side of a round take, in seconds.
SLICE = 0.01


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
        return
    subprocess.run(["node", HERE / "payloads.mjs"], check=True)
    interpreter = WORK / "venv/bin/python"
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
    subprocess.run([interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True)
    for library in ["pydantic", "msgspec"]:
        asked = [interpreter, __file__, library]
        rows = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
        page(library, rows)


def measure(library: str) -> list[dict[str, Any]]:
    """Runs in the environment that has the library."""
    sys.path[:0] = [str(WORK / ("out/python" if library == "pydantic" else "out-msgspec/python")), str(HERE)]
    import events  # the generated package
    from handwritten import models

    if library == "pydantic":
        from pydantic import BaseModel, TypeAdapter

        read, dropping = (
            {name: TypeAdapter(model).validate_json for name, model in models(BaseModel, keeping=keeping).items()} for keeping in (True, False)
        )
        generated = lambda kind: TypeAdapter(kind).validate_json
    else:
        import msgspec

        by_name = models(msgspec.Struct, kw_only=True)
        read = dropping = {name: msgspec.json.Decoder(model).decode for name, model in by_name.items()}
        generated = lambda kind: msgspec.json.Decoder(kind, dec_hook=_hook).decode
    rows = []
    for payload in json.loads((WORK / "payloads.json").read_text()):
        name, topic, data = payload["name"], payload["topic"], payload["text"].encode()
        whole = lambda data: events.decode(topic, data)
        times = compare(data, read[name], generated(events.model(topic)), whole, dropping[name])
        rows.append({"name": name, "bytes": len(data), **dict(zip(["hand", "alone", "whole", "dropping"], times))})
    return rows


def _hook(kind: Any, value: Any) -> Any:
    from events._models import _read  # pyright: ignore

    return _read(kind, value)


def compare(data: bytes, *runs: Callable[[bytes], Any]) -> list[float]:
    """Medians of microseconds of processor time, of functions that take turns."""
    counts = [max(1, round(SLICE / (spent(run, data, 50)))) for run in runs]
    found: list[list[float]] = [[] for _ in runs]
    for turn in range(ROUNDS):
        for index in sorted(range(len(runs)), key=lambda index: (index + turn) % len(runs)):
            found[index].append(spent(runs[index], data, counts[index]) * 1e6)
    return [statistics.median(times) for times in found]


def spent(run: Callable[[bytes], Any], data: bytes, count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        run(data)
    return (time.process_time() - start) / count


def page(library: str, rows: list[dict[str, Any]]) -> None:
    """Puts the rows into the page."""
    # msgspec's types by hand always drop what they do not name.
    keeps = library == "pydantic"
    head = ["payload", "bytes", "written by hand", "generated", "ratio", "`decode`", "ratio"] + ["dropping"] * keeps
    cells = [
        [row["name"], str(row["bytes"]), f"{row['hand']:.3g} µs", f"{row['alone']:.3g} µs", f"{row['alone'] / row['hand']:.2f}"]
        + [f"{row['whole']:.3g} µs", f"{row['whole'] / row['hand']:.2f}"]
        + [f"{row['dropping']:.3g} µs"] * keeps
        for row in rows
    ]
    for name, some in [("geometric mean", rows), ("without Sentry's", [row for row in rows if not row["name"].startswith("Sentry")])]:
        alone, whole = (statistics.geometric_mean(row[side] / row["hand"] for row in some) for side in ["alone", "whole"])
        cells.append([f"**{name}**", "", "", "", f"**{alone:.2f}**", "", f"**{whole:.2f}**"] + [""] * keeps)
    table = json.dumps([library, head, cells])
    code = f"import {{ table }} from {json.dumps((HERE / 'page.mjs').as_uri())}; table(...{table});"
    subprocess.run(["node", "--input-type=module", "--eval", code], check=True, env={**os.environ})


if __name__ == "__main__":
    main()
