"""Turns a module of generated Rust into what one would write by hand: the same structs and enums with serde's plain derive, which
validates nothing, and ignores unknown properties or keeps them (`flatten`). Prints the name of the root type."""

import re
import sys
from pathlib import Path

ITEM = re.compile(r"^pub (struct|enum|type) (\w+)(.*?)(?:^\}|;$)", re.M | re.S)
DERIVE = "#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]\n"
TEXT = r"(\"(?:[^\"\\]|\\.)*\")"


def body_of(text: str, head: str) -> str:
    """What stands in the braces of an implementation."""
    found = re.search(rf"^( *){head} \{{(.*?)^\1\}}", text, re.M | re.S)
    return found[2] if found else ""


def plain_type(written: str) -> str:
    written = re.sub(r"\s+", " ", written).replace("::eventc::Extra", "::serde_json::Map<String, ::serde_json::Value>")
    written = written.replace("::eventc::serde_json::", "::serde_json::")
    # Nobody who derives tells null from absence.
    return re.sub(r"Option<Option<(.*)>>", r"Option<\1>", written)


def fields(body: str, written: str, keep: bool):
    names = {ident: name for name, ident in re.findall(rf"object\s*\.(?:required|optional)\(\s*{TEXT},\s*&self\.(\S+?),?\s*\)\?", written)}
    rest = re.search(r"object\.(rest|extra)\(&self\.(\w+)\)", written)
    for name, ty in re.findall(r"^    pub (\S+): (.*?),\n(?=    (?:pub|///|#)|\Z)", body, re.M | re.S):
        ty = plain_type(re.sub(r"^\s*///.*$", "", ty, flags=re.M))
        if name in names:
            yield f"    #[serde(rename = {names[name]})]\n    pub {name}: {ty},\n"
        elif rest and (keep or rest[1] == "rest"):
            yield f"    #[serde(flatten)]\n    pub {name}: {ty},\n"


def struct(text: str, name: str, body: str, keep: bool) -> str:
    if body.lstrip().startswith("("):
        inner = re.sub(r"#\[serde\(.*?\)\]|///.*$", "", re.sub(r"^\(|\)$", "", body.strip()), flags=re.M | re.S)
        return f"{DERIVE}#[serde(transparent)]\npub struct {name}(pub {plain_type(inner.strip().rstrip(','))});\n"
    written = body_of(text, rf"impl Serialize\s+for\s+super::{name}")
    return f"{DERIVE}pub struct {name} {{\n{''.join(fields(body.split('{', 1)[1], written, keep))}}}\n"


def enum(text: str, name: str) -> str:
    strings = body_of(text, rf"impl ::std::str::FromStr\s+for\s+super::{name}")
    if strings:
        variants = "".join(f"    #[serde(rename = {value})]\n    {variant},\n" for value, variant in re.findall(rf"{TEXT} => Ok\(Self::(\w+)\)", strings))
        unknown = re.search(r"_ => Ok\(Self::(\w+)\(", strings)
        other = f"    #[serde(untagged)]\n    {unknown[1]}(String),\n" if unknown else ""
        return f"{DERIVE}pub enum {name} {{\n{variants}{other}}}\n"
    body = re.search(rf"^pub enum {name} \{{(.*?)^\}}", text, re.M | re.S)[1]
    variants = re.findall(r"^    (\w+)\((.*?)\),$", body, re.M | re.S)
    alternatives = "".join(f"    {variant}({plain_type(held)}),\n" for variant, held in variants)
    return f"{DERIVE}#[serde(untagged)]\npub enum {name} {{\n{alternatives}}}\n"


def main() -> None:
    keep = sys.argv[1] == "--keep"
    source, out = (Path(argument) for argument in sys.argv[2 if keep else 1 :])
    text = source.read_text()
    items = []
    for kind, name, body in ITEM.findall(text):
        if name == "AnyEvent" or name.endswith("Builder"):
            continue
        if kind == "struct":
            items.append(struct(text, name, body, keep))
        elif kind == "enum":
            items.append(enum(text, name))
        else:
            items.append(f"pub type {name}{plain_type(body)};\n")
    out.write_text("\n".join(items))
    print(re.search(r"^    \w+\(Box<(\w+)>\)", text, re.M)[1])


main()
