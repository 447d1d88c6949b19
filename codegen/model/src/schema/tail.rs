//! The end that a path, as somebody wrote it, has in common with a file's path.

use crate::layout::without_format;

/// Returns the words of a path, without steps that lead nowhere.
pub(super) fn segments(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts
}

/// Returns the path of a URI: without scheme, authority and query.
pub(super) fn path_of(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    rest.split(['?', '#']).next().unwrap_or(rest)
}

/// Returns a file's name without the endings that say how it is spelled.
pub(super) fn stem(name: &str) -> &str {
    let shorter = match name.strip_suffix(".schema") {
        Some(shorter) if !shorter.is_empty() => shorter,
        _ => without_format(name),
    };
    if shorter == name { name } else { stem(shorter) }
}

/// Returns the number of words that the ends of two paths have in common; the last may have another ending where `loosely`.
pub(super) fn common(written: &[&str], file: &[&str], loosely: bool) -> usize {
    let same = |at: usize, (a, b): (&&str, &&str)| a == b || (at == 0 && loosely && stem(a) == stem(b));
    written.iter().rev().zip(file.iter().rev()).enumerate().take_while(|(at, pair)| same(*at, *pair)).count()
}

/// Returns whether a name says so little that many files have it: a version, or a word such as `schema`.
pub(super) fn is_common_name(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "base",
        "common",
        "current",
        "definitions",
        "defs",
        "event",
        "events",
        "index",
        "latest",
        "main",
        "model",
        "models",
        "schema",
        "schemas",
        "shared",
        "type",
        "types",
    ];
    let stem = stem(name);
    WORDS.contains(&stem.to_ascii_lowercase().as_str()) || is_version(stem)
}

/// Returns whether a word is a version: `1.0.0`, `v2`, `1-0-0`.
fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix(['v', 'V']).unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || b".-_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_compared_word_by_word() {
        for (written, file, strictly, loosely) in [
            ("/acme/events/main/common/money.json", "common/money.json", 2, 2),
            ("common/money", "schemas/common/money.schema.json", 0, 2),
            ("../x/money.json", "money.yaml", 0, 1),
            ("amoney.json", "money.json", 0, 0),
            ("/fragment/http/1.1.0", "fragment/http/1.1.0.yaml", 0, 3),
        ] {
            let (written, file) = (segments(written), segments(file));
            assert_eq!((common(&written, &file, false), common(&written, &file, true)), (strictly, loosely), "{written:?}");
        }
        assert_eq!(path_of("https://example.org/a/b.json?x#y"), "/a/b.json");
        assert_eq!(path_of("urn:a:b"), "urn:a:b");
        assert!(is_common_name("1.0.0.json") && is_common_name("Common.schema.json") && !is_common_name("money.json"));
    }
}
