//! YAML flow collections whose lines stand no further to the right than the block around them: what libyaml reads and others refuse.

use saphyr_parser::ScanError;

/// Returns whether a parser refuses a text only for the column of a line inside a flow collection.
pub(super) fn is_indentation(error: &ScanError) -> bool {
    matches!(error.info(), "invalid indentation" | "invalid indentation in flow construct")
}

/// Puts the line of an offset behind the line before it, so that its column no longer counts; comments between the two make room. Every
/// byte stays where it is. `None` where something else stands before the offset in its line.
pub(super) fn join(text: &str, offset: usize) -> Option<String> {
    let start = text.get(..offset)?.rfind('\n')? + 1;
    if !text[start..offset].bytes().all(|byte| byte == b' ' || byte == b'\t') {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut end = start;
    loop {
        let above = text[..end - 1].rfind('\n').map_or(0, |before| before + 1);
        let line = &text[above..end];
        let kept = comment(line).unwrap_or_else(|| line.trim_end_matches(['\r', '\n']).len());
        bytes[above + kept..end].fill(b' ');
        if above == 0 || !line[..kept].trim().is_empty() {
            return String::from_utf8(bytes).ok();
        }
        end = above;
    }
}

/// Returns the offset at which the comment of a line begins.
fn comment(line: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if open == c && !(c == '"' && before == '\\') => quote = None,
            None if c == '#' && before.is_whitespace() => return Some(at),
            None if matches!(c, '"' | '\'') && !before.is_alphanumeric() => quote = Some(c),
            _ => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_without_moving_a_byte() {
        for (text, expected) in [
            ("a: [\n  b\n]", Some("a: [\n  b ]")),
            ("a: [\r\n  b\r\n]", Some("a: [\r\n  b  ]")),
            ("a: {\n  b: '#' # é\n\n  # more\n  ]", Some("a: {\n  b: '#'                  ]")),
            ("a: x ]", None),
            ("]", None),
        ] {
            let joined = join(text, text.len() - 1);
            assert_eq!(joined.as_deref(), expected, "{text:?}");
            assert!(joined.is_none_or(|joined| joined.len() == text.len()));
        }
    }
}
