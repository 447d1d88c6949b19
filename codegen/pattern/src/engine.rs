//! The patterns that an engine of ECMA-262 reads.

use regress::Regex;

/// Compiles a pattern with the flag `u`; where that fails, without it, if its escapes mean the same then.
///
/// Generated Rust reads patterns in the same way.
///
/// # Errors
/// What is wrong with the pattern, as the engine says it.
pub fn compile(source: &str) -> Result<Regex, String> {
    let without = |error: regress::Error| Regex::new(source).ok().filter(|_| !has_foreign_escape(source)).ok_or_else(|| error.to_string());
    Regex::with_flags(source, "u").or_else(without)
}

/// Returns whether an escape means something else without the flag `u`: `\A`, `\Z` and `\p` would be letters. Whoever wrote
/// such a pattern had another engine in mind.
fn has_foreign_escape(source: &str) -> bool {
    let mut chars = source.chars();
    while let Some(char) = chars.next() {
        let escaped = if char == '\\' { chars.next() } else { None };
        let foreign = |letter: char| letter.is_ascii_alphabetic() && !"bBcdDfknrsStuvwWx".contains(letter);
        if escaped.is_some_and(foreign) || (escaped == Some('u') && chars.as_str().starts_with('{')) {
            return true;
        }
    }
    false
}
