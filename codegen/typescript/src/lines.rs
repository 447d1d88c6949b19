//! Lines that are too long, broken as a reader of JavaScript expects it.
//!
//! Whatever makes a line need not know how long it becomes: a line that is too long is broken at its longest pair of brackets, what
//! stands in them is parted at its commas or operators, and each of the new lines is looked at again.

/// The longest line, in characters.
const MAX_LINE_WIDTH: usize = 120;

/// The maximum depth to which the parts of a line are parted again. What nests deeper nobody reads, and parting it takes its length at each
/// level.
const MAX_NESTING: usize = 40;

/// Breaks every line of a source that is too long and can be broken; comments were wrapped before.
pub(super) fn fit(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        let code = line.trim_start();
        let is_comment = ["//", "/*", "*"].iter().any(|start| code.starts_with(start));
        if is_comment || fits(line.trim_end()) { out.push_str(line) } else { broken(line.trim_end_matches('\n'), 0, &mut out) }
    }
    out
}

fn fits(line: &str) -> bool {
    line.len() <= MAX_LINE_WIDTH || line.chars().count() <= MAX_LINE_WIDTH
}

/// Breaks a line that is the part of so many others.
fn broken(line: &str, depth: usize, out: &mut String) {
    let indent = line.len() - line.trim_start().len();
    let parts = if fits(line) || depth == MAX_NESTING {
        None
    } else {
        let marks = marks(line);
        outer(line, &marks, indent).or_else(|| group(line, &marks, indent)).or_else(|| member(line, &marks, indent))
    };
    // Whatever has not become shorter stays as it is.
    let parts = parts.filter(|parts| parts.iter().all(|part| part.trim().len() < line.trim().len()));
    if let Some(parts) = parts {
        for part in &parts {
            broken(part, depth + 1, out);
        }
    } else {
        out.push_str(line);
        out.push('\n');
    }
}

/// Returns the line parted at operators that stand in no brackets.
fn outer(line: &str, marks: &[Mark], indent: usize) -> Option<Vec<String>> {
    let has_any =
        marks.iter().any(|mark| mark.depth == 0 && matches!(mark.kind, MarkKind::Union | MarkKind::Or | MarkKind::And | MarkKind::Choice));
    if has_any { operands(line, marks, 0, line.len(), indent) } else { None }
}

/// A bracket, comma, semicolon or operator of a line, outside of its strings.
#[derive(Clone, Copy)]
struct Mark {
    /// The position where it begins.
    at: usize,
    kind: MarkKind,
    /// The number of brackets around it; of a bracket, the number of others.
    depth: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum MarkKind {
    Open(char),
    Close,
    Comma,
    Semicolon,
    /// `:` behind the name of a member.
    Colon,
    /// `|` between types.
    Union,
    Or,
    And,
    /// `?` or `:` of a choice between two values.
    Choice,
}

fn marks(line: &str) -> Vec<Mark> {
    let bytes = line.as_bytes();
    let indent = line.len() - line.trim_start().len();
    let (mut marks, mut open) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &line.as_bytes()[at..];
        let depth = open.len();
        let mut add = |kind: MarkKind, depth: usize| marks.push(Mark { at, kind, depth });
        match rest {
            [quote @ (b'"' | b'`' | b'\''), ..] => at += string_end(rest, *quote) - 1,
            [bracket @ (b'(' | b'[' | b'{'), ..] => {
                add(MarkKind::Open(char::from(*bracket)), depth);
                open.push(*bracket);
            }
            [b'<', ..] if at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') => {
                add(MarkKind::Open('<'), depth);
                open.push(b'<');
            }
            [b')' | b']' | b'}', ..] => {
                add(MarkKind::Close, depth.saturating_sub(1));
                open.pop();
            }
            [b'>', ..] if open.last() == Some(&b'<') && bytes[at - 1] != b'=' => {
                add(MarkKind::Close, depth - 1);
                open.pop();
            }
            [b',', b' ', ..] => add(MarkKind::Comma, depth),
            [b';', b' ', ..] => add(MarkKind::Semicolon, depth),
            [b':', b' ', ..] if at > indent => add(MarkKind::Colon, depth),
            // What begins a line has been broken before.
            [b' ', ..] if at < indent => {}
            [b' ', b'|', b' ', ..] => add(MarkKind::Union, depth),
            [b' ', b'|', b'|', b' ', ..] => add(MarkKind::Or, depth),
            [b' ', b'&', b'&', b' ', ..] => add(MarkKind::And, depth),
            [b' ', b'?' | b':', b' ', ..] => add(MarkKind::Choice, depth),
            _ => {}
        }
        at += 1;
    }
    marks
}

/// Returns the length of the string that begins a text.
fn string_end(text: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != quote {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

/// Returns the name of a member, and what it is.
fn member(line: &str, marks: &[Mark], indent: usize) -> Option<Vec<String>> {
    let colon = marks.iter().find(|mark| mark.kind == MarkKind::Colon && mark.depth == 0)?.at + 1;
    Some(vec![line[..colon].to_owned(), format!("{}{}", " ".repeat(indent + 2), line[colon..].trim())])
}

/// Returns the line with the content of its longest pair of outer brackets on lines of its own.
fn group(line: &str, marks: &[Mark], indent: usize) -> Option<Vec<String>> {
    let pairs = marks.iter().enumerate().filter_map(|(index, mark)| {
        let MarkKind::Open(bracket) = mark.kind else { return None };
        let close = marks[index + 1..].iter().find(|other| other.kind == MarkKind::Close && other.depth == mark.depth)?;
        Some((bracket, mark.depth, mark.at + 1, close.at)).filter(|_| mark.depth == 0)
    });
    let (bracket, depth, from, to) = pairs.max_by_key(|(_, _, from, to)| to - from)?;
    let inside = line[from..to].trim();
    if inside.is_empty() {
        return None;
    }
    let pad = " ".repeat(indent);
    let mut parts = vec![line[..from].to_owned()];
    parts.extend(content(line, marks, depth + 1, (from, to), (bracket, indent + 2)));
    parts.push(format!("{pad}{}", &line[to..]));
    Some(parts)
}

/// Returns the parts between a pair of brackets.
fn content(line: &str, marks: &[Mark], depth: usize, (from, to): (usize, usize), (bracket, indent): (char, usize)) -> Vec<String> {
    let pad = " ".repeat(indent);
    for kind in [MarkKind::Semicolon, MarkKind::Comma] {
        let cuts: Vec<usize> = cuts(marks, depth, (from, to), |found| found == kind).map(|at| at + 1).collect();
        if cuts.is_empty() {
            continue;
        }
        let mut parts: Vec<String> =
            pieces(line, from, to, &cuts).map(|part| format!("{pad}{}", part.trim())).filter(|part| !part.trim().is_empty()).collect();
        // Arguments and types take no comma behind the last of them here, and neither does what takes the rest.
        if let Some(last) = parts.last_mut()
            && kind == MarkKind::Comma
            && matches!(bracket, '[' | '{')
            && !last.trim_start().starts_with("...")
            && !last.ends_with(',')
        {
            last.push(',');
        }
        return parts;
    }
    operands(line, marks, from, to, indent).unwrap_or_else(|| vec![format!("{pad}{}", line[from..to].trim())])
}

/// Returns the part of a line between two places, parted at its operators, which stand at the end of their lines; those of
/// types and choices begin theirs.
fn operands(line: &str, marks: &[Mark], from: usize, to: usize, indent: usize) -> Option<Vec<String>> {
    let depth = marks.iter().filter(|mark| (from..to).contains(&mark.at)).map(|mark| mark.depth).min()?;
    for (kind, width) in [(MarkKind::Union, 0), (MarkKind::Choice, 0), (MarkKind::Or, 3), (MarkKind::And, 3)] {
        let cuts: Vec<usize> = cuts(marks, depth, (from, to), |found| found == kind).map(|at| at + width).collect();
        if cuts.is_empty() {
            continue;
        }
        let deeper = if from == 0 { indent + 2 } else { indent };
        let pad = " ".repeat(deeper);
        let mut parts: Vec<String> = pieces(line, from, to, &cuts).map(|part| format!("{pad}{}", part.trim())).collect();
        if from == 0 {
            // What stands before the first operand stays at its place.
            parts[0] = format!("{}{}", " ".repeat(indent), parts[0].trim_start());
            if let Some((head, first)) = parts[0].clone().split_once(" = ").filter(|_| kind == MarkKind::Union) {
                parts.splice(0..1, [format!("{head} ="), format!("{pad}| {first}")]);
            }
        } else if kind == MarkKind::Choice || kind == MarkKind::Union {
            for part in parts.iter_mut().skip(1) {
                *part = if kind == MarkKind::Choice { format!("  {part}") } else { part.clone() };
            }
        }
        return Some(parts);
    }
    None
}

/// Returns the positions of marks of a kind, at a depth and between two places.
fn cuts(marks: &[Mark], depth: usize, (from, to): (usize, usize), is: impl Fn(MarkKind) -> bool) -> impl Iterator<Item = usize> {
    marks.iter().filter(move |mark| mark.depth == depth && (from..to).contains(&mark.at) && is(mark.kind)).map(|mark| mark.at)
}

fn pieces<'l>(line: &'l str, from: usize, to: usize, cuts: &[usize]) -> impl Iterator<Item = &'l str> {
    let starts: Vec<usize> = std::iter::once(from).chain(cuts.iter().copied()).collect();
    let ends: Vec<usize> = cuts.iter().copied().chain([to]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &line[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Breaks a line, and compares its lines.
    fn check(line: &str, expected: &[&str]) {
        assert!(!fits(line), "{line} is long");
        assert_eq!(fit(line).lines().collect::<Vec<_>>(), expected);
    }

    const A: &str = "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"";

    #[test]
    fn brackets_are_opened_from_the_outside() {
        check(
            &format!("  if (v !== undefined && !(v === {A} || v === {A} || (!s && isString(v)))) return false;"),
            &[
                "  if (",
                "    v !== undefined &&",
                "    !(",
                &format!("      v === {A} ||"),
                &format!("      v === {A} ||"),
                "      (!s && isString(v))",
                "    )",
                "  ) return false;",
            ],
        );
        check(
            &format!("    c.enumeration(v, [{A}, {A}, \"), [x, y]\"], true);"),
            &["    c.enumeration(", "      v,", &format!("      [{A}, {A}, \"), [x, y]\"],"), "      true", "    );"],
        );
        check(
            &format!("import {{ {}, {} }} from {A};", "a".repeat(40), "b".repeat(40)),
            &["import {", &format!("  {},", "a".repeat(40)), &format!("  {},", "b".repeat(40)), &format!("}} from {A};")],
        );
    }

    #[test]
    fn types_and_choices_begin_with_their_operators() {
        check(
            &format!("export type Kind = {A} | {A} | (string & {{}});"),
            &["export type Kind =", &format!("  | {A}"), &format!("  | {A}"), "  | (string & {});"],
        );
        check(
            &format!("export const E: EventType<{A}, Envelope<{A}>, \"{}\"> = define({{", "t".repeat(30)),
            &[
                "export const E: EventType<",
                &format!("  {A},"),
                &format!("  Envelope<{A}>,"),
                &format!("  \"{}\"", "t".repeat(30)),
                "> = define({",
            ],
        );
        check(&format!("  return is(v) ? {A} : f({A}, {A});"), &["  return is(v)", &format!("    ? {A}"), &format!("    : f({A}, {A});")]);
        check(&format!("  const v = w[{A} + {A} + {A}];"), &["  const v = w[", &format!("    {A} + {A} + {A}"), "  ];"]);
        let long = format!("\"{}\"", "l".repeat(130));
        check(&format!("  return is(v) ? {long} : {long};"), &["  return is(v)", &format!("    ? {long}"), &format!("    : {long};")]);
        check(&format!("type T = {long} | {long};"), &["type T =", &format!("  | {long}"), &format!("  | {long};")]);
        check(
            &format!("  readonly {A}: typeof {};", "T".repeat(70)),
            &[&format!("  readonly {A}:"), &format!("    typeof {};", "T".repeat(70))],
        );
    }
}
