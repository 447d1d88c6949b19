//! Parsed patterns in the words of Python's `re`.

use eventc_pattern::{
    class::CharSet,
    parse::{Greed, ParsedPattern, PatternPart},
};

/// The maximum count that `re` takes; a larger one means no bound that any text reaches.
const MAX_REPEAT: u64 = 0xffff_fffe;

pub(super) fn print(pattern: &ParsedPattern) -> Result<String, String> {
    let mut printer =
        Printer { pattern, out: String::new(), closed: vec![false; pattern.groups + 1], hidden: vec![false; pattern.groups + 1] };
    printer.part(&pattern.root, true)?;
    Ok(printer.out)
}

struct Printer<'a> {
    pattern: &'a ParsedPattern,
    out: String,
    /// Groups that are complete where the printer stands.
    closed: Vec<bool>,
    /// Groups inside a repetition or lookaround that is over: ECMA-262 has reset them, or may have.
    hidden: Vec<bool>,
}

impl Printer<'_> {
    /// Prints a part. With `alone` nothing stands beside it, so that alternatives need no group.
    fn part(&mut self, part: &PatternPart, alone: bool) -> Result<(), String> {
        match part {
            PatternPart::Either(branches) => self.either(branches, alone)?,
            PatternPart::Char(c) => push_char(&mut self.out, *c),
            PatternPart::Class(set) => push_set(&mut self.out, set),
            PatternPart::Start => self.out.push('^'),
            PatternPart::End => self.out.push_str(r"\Z"),
            PatternPart::Border(there) => self.out.push_str(if *there { BORDER } else { NO_BORDER }),
            PatternPart::Capture(number, inner) => {
                self.out.push('(');
                self.part(inner, true)?;
                self.out.push(')');
                self.closed[*number] = true;
            }
            PatternPart::Look { behind: false, negative, inner } => {
                self.out.push_str(if *negative { "(?!" } else { "(?=" });
                self.part(inner, true)?;
                self.out.push(')');
                if *negative {
                    self.hide(inner);
                }
            }
            PatternPart::Look { behind: true, negative, inner } => self.look_behind(*negative, inner)?,
            PatternPart::Repeat { inner, min, max, greed } => self.repeat(inner, *min, *max, *greed)?,
            PatternPart::Back(number) => self.back(*number)?,
        }
        Ok(())
    }

    fn either(&mut self, branches: &[Vec<PatternPart>], alone: bool) -> Result<(), String> {
        let grouped = !alone && !matches!(branches, [branch] if matches!(branch[..], [PatternPart::Char(_) | PatternPart::Class(_)]));
        if grouped {
            self.out.push_str("(?:");
        }
        for (index, branch) in branches.iter().enumerate() {
            if index > 0 {
                self.out.push('|');
            }
            for part in branch {
                self.part(part, false)?;
            }
        }
        if grouped {
            self.out.push(')');
        }
        Ok(())
    }

    fn repeat(&mut self, inner: &PatternPart, min: u64, max: Option<u64>, greed: Greed) -> Result<(), String> {
        if max != Some(1) && refers_within(inner) {
            return Err("a reference and its group are in one repetition, where Python keeps what ECMA-262 forgets".into());
        }
        match inner {
            // Always in a group, so that a count never meets another.
            PatternPart::Either(branches) => {
                self.out.push_str("(?:");
                self.either(branches, true)?;
                self.out.push(')');
            }
            other => self.part(other, false)?,
        }
        let min = min.min(MAX_REPEAT);
        match (min, max.filter(|max| *max < MAX_REPEAT)) {
            (0, None) => self.out.push('*'),
            (1, None) => self.out.push('+'),
            (0, Some(1)) => self.out.push('?'),
            (min, None) => self.out.push_str(&format!("{{{min},}}")),
            (min, Some(max)) if min == max => self.out.push_str(&format!("{{{min}}}")),
            (min, Some(max)) => self.out.push_str(&format!("{{{min},{max}}}")),
        }
        if greed == Greed::Lazy {
            self.out.push('?');
        }
        if max != Some(1) {
            self.hide(inner);
        }
        Ok(())
    }

    /// Prints a lookbehind: Python wants one width for each; alternatives of different widths become several.
    fn look_behind(&mut self, negative: bool, inner: &PatternPart) -> Result<(), String> {
        let PatternPart::Either(branches) = inner else { return Err("a lookbehind is empty".into()) };
        let several = branches.len() > 1 && !negative;
        if several {
            self.out.push_str("(?:");
        }
        for (index, branch) in branches.iter().enumerate() {
            if several && index > 0 {
                self.out.push('|');
            }
            if width_of(branch).is_none() {
                return Err("a lookbehind has no fixed width".into());
            }
            if branch.iter().any(holds_groups) {
                return Err("a lookbehind holds a group or reference, which ECMA-262 matches backwards".into());
            }
            self.out.push_str(if negative { "(?<!" } else { "(?<=" });
            for part in branch {
                self.part(part, false)?;
            }
            self.out.push(')');
        }
        if several {
            self.out.push(')');
        }
        Ok(())
    }

    /// Returns a group that has matched nothing matches the empty text in ECMA-262, and fails in Python.
    fn back(&mut self, number: usize) -> Result<(), String> {
        if number > self.pattern.groups {
            return Err(format!("a reference names group {number}, which there is not"));
        }
        if self.hidden[number] {
            return Err("a reference names a group inside a repetition or negation, whose text Python keeps and ECMA-262 forgets".into());
        }
        if self.closed[number] {
            self.out.push_str(&format!("(?({number})\\{number})"));
        } else {
            self.out.push_str("(?:)");
        }
        Ok(())
    }

    fn hide(&mut self, part: &PatternPart) {
        for number in groups(part) {
            self.hidden[number] = true;
        }
    }
}

/// Returns the groups that a part holds.
fn groups(part: &PatternPart) -> Vec<usize> {
    let mut groups = Vec::new();
    part.visit(&mut |part| {
        if let PatternPart::Capture(number, _) = part {
            groups.push(*number);
        }
    });
    groups
}

/// Returns whether a part holds both a group and a reference to it.
fn refers_within(part: &PatternPart) -> bool {
    let groups = groups(part);
    let mut found = false;
    part.visit(&mut |part| found |= matches!(part, PatternPart::Back(number) if groups.contains(number)));
    found
}

fn holds_groups(part: &PatternPart) -> bool {
    let mut found = false;
    part.visit(&mut |part| found |= matches!(part, PatternPart::Capture(..) | PatternPart::Back(_)));
    found
}

/// Returns the number of characters that a part matches, if that is always the same number.
fn width(part: &PatternPart) -> Option<u64> {
    match part {
        PatternPart::Either(branches) => {
            let mut widths = branches.iter().map(|branch| width_of(branch));
            let first = widths.next()??;
            widths.all(|width| width == Some(first)).then_some(first)
        }
        PatternPart::Char(_) | PatternPart::Class(_) => Some(1),
        PatternPart::Start | PatternPart::End | PatternPart::Border(_) | PatternPart::Look { .. } => Some(0),
        PatternPart::Capture(_, inner) => width(inner),
        PatternPart::Repeat { inner, min, max, .. } if Some(*min) == *max => width(inner)?.checked_mul(*min),
        PatternPart::Repeat { .. } | PatternPart::Back(_) => None,
    }
}

fn width_of(branch: &[PatternPart]) -> Option<u64> {
    branch.iter().try_fold(0_u64, |sum, part| sum.checked_add(width(part)?))
}

const BORDER: &str = "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))";
const NO_BORDER: &str = "(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))";

fn push_char(out: &mut String, c: u32) {
    match c {
        0x09 => out.push_str(r"\t"),
        0x0a => out.push_str(r"\n"),
        0x0d => out.push_str(r"\r"),
        0x20..0x7f => {
            let c = char::from_u32(c).unwrap_or('?');
            if r"\.^$*+?{}[]()|-&~".contains(c) {
                out.push('\\');
            }
            out.push(c);
        }
        0..0x100 => out.push_str(&format!(r"\x{c:02x}")),
        0x100..0x1_0000 => out.push_str(&format!(r"\u{c:04x}")),
        _ => out.push_str(&format!(r"\U{c:08x}")),
    }
}

fn push_set(out: &mut String, set: &CharSet) {
    match set.ranges() {
        [] => out.push_str("(?!)"),
        [(start, end)] if start == end => push_char(out, *start),
        ranges => {
            out.push('[');
            for (start, end) in ranges {
                push_char(out, *start);
                if end > start {
                    if *end > start + 1 {
                        out.push('-');
                    }
                    push_char(out, *end);
                }
            }
            out.push(']');
        }
    }
}
