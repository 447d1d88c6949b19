//! One source, three forms: TypeScript, JavaScript, and the declarations beside JavaScript.
//!
//! The source is JavaScript in which everything that only types need stands between [`OPEN`] and [`CLOSE`]: annotations, and whole
//! declarations. Top-level items stand at the first column, with an empty line between them.

use super::lines::fit;

/// The marker that begins what only types need. Templates spell it `⟪`; no text of a schema can hold it, see [`super::text`].
pub(super) const OPEN: char = '\u{e000}';

/// The marker that ends what only types need. Templates spell it `⟫`.
pub(super) const CLOSE: char = '\u{e001}';

/// The purpose of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileForm {
    /// TypeScript.
    Ts,
    /// JavaScript that runs as it is.
    Js,
    /// Declarations of a JavaScript file.
    Dts,
}

impl FileForm {
    /// Returns the ending of its files.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Ts => "ts",
            Self::Js => "js",
            Self::Dts => "d.ts",
        }
    }
}

/// Marks text as what only types need.
pub(super) fn typed(text: &str) -> String {
    format!("{OPEN}{text}{CLOSE}")
}

/// Returns a template's text with the markers in place of their spelling.
pub(super) fn with_markers(template: &str) -> String {
    template.replace('⟪', &OPEN.to_string()).replace('⟫', &CLOSE.to_string())
}

/// Returns the form of a source.
pub(super) fn render(source: &str, form: FileForm) -> String {
    match form {
        FileForm::Ts => fit(&tidy(&without_markers(source))),
        FileForm::Js => fit(&tidy(&without_types(source))),
        FileForm::Dts => fit(&tidy(&items(source).filter_map(declaration).collect::<Vec<_>>().join("\n\n"))),
    }
}

/// The first byte, in UTF-8, of both markers and few other characters.
const MARK: u8 = 0xee;

fn without_markers(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        if line.as_bytes().contains(&MARK) {
            out.extend(line.split([OPEN, CLOSE]));
        } else {
            out.push_str(line);
        }
    }
    out
}

fn without_types(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        rest = after.split_once(CLOSE).map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

/// Tidies text: no more than one empty line in a row, none at the ends or inside an opened brace, and no blanks at line ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            empty = true;
            continue;
        }
        if empty && !out.is_empty() && !out.ends_with("{\n") {
            out.push('\n');
        }
        empty = false;
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Returns the top-level items of a source: what stands between an empty line and the next line at the first column.
fn items(source: &str) -> impl Iterator<Item = &str> {
    let mut starts = vec![0];
    starts.extend(source.match_indices("\n\n").filter_map(|(at, _)| {
        let next = source[at..].trim_start_matches('\n');
        (!next.is_empty() && !next.starts_with(' ')).then_some(source.len() - next.len())
    }));
    starts.dedup();
    starts.push(source.len());
    (0..starts.len() - 1).map(move |at| source[starts[at]..starts[at + 1]].trim_end()).collect::<Vec<_>>().into_iter()
}

/// Returns the name that an item declares; `None` where it is nobody else's business.
fn declaration(item: &str) -> Option<String> {
    let body = code_start(item);
    let (doc, code) = item.split_at(body);
    let plain = |text: &str| text.replace([OPEN, CLOSE], "");
    if doc.is_empty() && code.is_empty() {
        return None;
    }
    if code.starts_with(OPEN) {
        // Type imports and declarations stay whole; value imports after them are of no use here.
        let kept = types_of(code);
        return Some(format!("{doc}{kept}"));
    }
    let declared = if let Some(rest) = code.strip_prefix("export function ") {
        let head = rest.lines().next().unwrap_or(rest);
        let head = head.strip_suffix(" {").or_else(|| head.strip_suffix(" {}")).unwrap_or(head);
        format!("export declare function {};", plain(head))
    } else if let Some(rest) = code.strip_prefix("export const ") {
        let (name, typed) = rest.split_once(OPEN)?;
        let (ty, _) = typed.split_once(CLOSE)?;
        format!("export declare const {name}{ty};")
    } else if code.starts_with("export class ") {
        class(code)
    } else if code.starts_with("export {") {
        code.to_owned()
    } else if code.is_empty() {
        return Some(doc.to_owned());
    } else {
        return None;
    };
    Some(format!("{}{declared}", plain(doc)))
}

/// Returns the position where the code of an item begins, after its comments.
fn code_start(item: &str) -> usize {
    let mut at = 0;
    let mut inside = false;
    for line in item.split_inclusive('\n') {
        if line.starts_with("/**") {
            inside = true;
        } else if !(inside || line.starts_with("//")) {
            return at;
        }
        if line.contains("*/") {
            inside = false;
        }
        at += line.len();
    }
    at
}

fn types_of(code: &str) -> String {
    let blocks = code.split(OPEN).skip(1).filter_map(|block| block.split_once(CLOSE).map(|(block, _)| block));
    blocks.collect::<Vec<_>>().join("\n")
}

/// Returns the members of a class: marked ones as they are, methods by their heads.
fn class(code: &str) -> String {
    let mut out = String::new();
    let mut block = false;
    for line in code.lines() {
        let text = line.replace([OPEN, CLOSE], "");
        let opens = line.trim_start().starts_with(OPEN);
        if let Some(head) = text.strip_prefix("export class ") {
            out.push_str(&format!("export declare class {head}\n"));
        } else if opens || block {
            out.push_str(&format!("{text}\n"));
            block = !line.contains(CLOSE);
        } else if line.starts_with("  ") && !line.starts_with("   ") && text.ends_with(" {") {
            out.push_str(&format!("{};\n", text.trim_end_matches(" {")));
        }
    }
    out.push('}');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, form: FileForm, expected: &str) {
        assert_eq!(render(&with_markers(source), form), expected);
    }

    const SOURCE: &str = "// Head.\n\n⟪import type { A } from \"./a.js\";⟫\nimport { b } from \"./b.js\";\n\n/** Doc. */\nexport function f(v⟪: A⟫)⟪: \
                          number⟫ {\n  return b(v);\n}\n\nconst hidden⟪: A⟫ = 1;\n\nexport const c⟪: number⟫ = 2;\n\n⟪/** T. */\nexport type T = \
                          A;⟫\n";

    #[test]
    fn types_vanish_from_javascript() {
        check(
            SOURCE,
            FileForm::Js,
            "// Head.\n\nimport { b } from \"./b.js\";\n\n/** Doc. */\nexport function f(v) {\n  return b(v);\n}\n\nconst hidden = 1;\n\nexport \
             const c = 2;\n",
        );
    }

    #[test]
    fn declarations_keep_what_is_exported() {
        check(
            SOURCE,
            FileForm::Dts,
            "// Head.\n\nimport type { A } from \"./a.js\";\n\n/** Doc. */\nexport declare function f(v: A): number;\n\nexport declare const c: \
             number;\n\n/** T. */\nexport type T = A;\n",
        );
    }
}
