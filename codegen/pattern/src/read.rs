//! The one opinion on what a pattern means.

use std::borrow::Cow;

use super::{
    greed,
    parse::{Grammar, ParsedPattern, PatternPart, parse},
    print, quote,
};

/// A pattern that was read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The pattern in the words of ECMA-262 with the flag `u`: as it stands where it is one, translated where it is not.
    pub text: Cow<'a, str>,
    /// The parts of that.
    pub parsed: ParsedPattern,
    /// What was read as other engines mean it, each once: `(?i)`, `\A`.
    pub foreign: Vec<&'static str>,
}

impl Reading<'_> {
    /// Returns the pattern in words that mean the same to engines whose `\d`, `\w` and `\b` know all of Unicode.
    pub fn plain(&self) -> String {
        print::print(&self.parsed, print::Words::Plain)
    }

    /// Returns whether engines that are no automata are needed, or those whose words differ.
    pub fn is_intricate(&self) -> bool {
        is_intricate(&self.parsed.root)
    }
}

fn is_intricate(part: &PatternPart) -> bool {
    match part {
        PatternPart::Either(branches) => branches.iter().flatten().any(is_intricate),
        PatternPart::Capture(_, inner) | PatternPart::Repeat { inner, .. } => is_intricate(inner),
        PatternPart::Border(_) | PatternPart::Look { .. } | PatternPart::Back(_) => true,
        PatternPart::Char(_) | PatternPart::Class(_) | PatternPart::Start | PatternPart::End => false,
    }
}

/// Reads a pattern.
///
/// What is a pattern of ECMA-262 with the flag `u` means what that says. Anything else is read once more with what its Annex B and the
/// engines of Java, Python, .NET and Perl add, and translated as far as ECMA-262 can say the same: `docs/patterns.md` lists each reading.
///
/// ```
/// use eventc_pattern::read;
///
/// assert_eq!(read("^[a-z]+$").unwrap().text, "^[a-z]+$");
/// assert_eq!(read(r"(?i)^ab\Z").unwrap().text, "^[Aa][Bb]$");
/// assert_eq!(read("[b-a]").unwrap_err(), "a range is out of order");
/// ```
///
/// # Errors
/// What keeps the text from being a pattern, as a clause without a full stop.
pub fn read(text: &str) -> Result<Reading<'_>, String> {
    if let Ok((parsed, foreign)) = parse(text, Grammar::Ecma) {
        return Ok(Reading { text: text.into(), parsed, foreign });
    }
    let unquoted = quote::unquote(text);
    let (mut parsed, mut foreign) = parse(&unquoted, Grammar::Others)?;
    greed::normalise(&mut parsed);
    if let Cow::Owned(_) = unquoted {
        foreign.push(r"\Q…\E");
    }
    foreign.sort_unstable();
    foreign.dedup();
    Ok(Reading { text: print::print(&parsed, print::Words::Ecma).into(), parsed, foreign })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_translated_is_a_pattern_as_it_stands() {
        for text in [
            r"^\-a\_$",
            "a{,3}",
            "^{x}$",
            r"[\w-.]",
            r"(?i)straße\x41",
            "(?s).+",
            "(?m)^a$",
            "(?x) a b # c",
            "a++b",
            "(?>ab|a)c",
            "(?:a|b)*+c\\1",
            "(?P<n>a)(?P=n)",
            r"\Q.*\E+",
            r"\h\R\H",
            "[[:alpha:]_]",
            r"\x{41}\pL\p{Greek}",
            "(a)(?>b|bc)\\1",
            "(?=a)*b",
        ] {
            let Ok(reading) = read(text) else { continue };
            let again = read(&reading.text).unwrap_or_else(|why| panic!("{text} is {}: {why}", reading.text));
            assert_eq!(again.text, reading.text, "{text}");
            assert!(again.foreign.is_empty() && parse(&reading.text, Grammar::Ecma).is_ok(), "{text}: {}", reading.text);
        }
    }

    /// Pieces of patterns.
    const PIECES: [&str; 60] = [
        "a",
        "b",
        "-",
        "0",
        ",",
        "(",
        "(?:",
        "(?=",
        "(?!",
        "(?<=",
        "(?<!",
        "(?<n>",
        ")",
        "[",
        "[^",
        "]",
        "{",
        "}",
        "{2}",
        "{1,",
        "|",
        "*",
        "+",
        "?",
        "^",
        "$",
        ".",
        "\\",
        "\\d",
        "\\w",
        "\\b",
        "\\B",
        "\\1",
        "\\2",
        "\\k<n>",
        "\\k",
        "\\-",
        "\\/",
        "\\.",
        "\\p{L}",
        "\\p{Foo}",
        "\\p{greek}",
        "\\u{41}",
        "\\u0041",
        "\\x41",
        "\\x4",
        "\\cA",
        "\\c",
        "\\0",
        "\\00",
        "\\A",
        "é",
        "\\é",
        "b-a",
        "a-\\d",
        "\\d-a",
        "\\n",
        "_",
        "&&",
        "\\p{Script=Greek}",
    ];

    #[test]
    fn what_ecma_says_an_engine_says_too() {
        let (mut seed, mut read, mut refused) = (11_u64, 0, 0);
        for _ in 0..60_000 {
            let mut next = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 33) as usize
            };
            let length = 1 + next() % 6;
            let pattern: String = (0..length).map(|_| PIECES[next() % PIECES.len()]).collect();
            let parsed = parse(&pattern, Grammar::Ecma);
            let engine = regress::Regex::with_flags(&pattern, "u");
            // The engine lets borders of words repeat, which the grammar does not.
            let is_lenient = parsed.as_ref().is_err_and(|why| why == "there is nothing to repeat");
            assert!(parsed.is_ok() == engine.is_ok() || is_lenient, "{pattern}: {:?}, {:?}", parsed.err(), engine.err());
            *(if parsed.is_ok() { &mut read } else { &mut refused }) += 1;
        }
        assert!(read > 5_000 && refused > 5_000, "{read}, {refused}");
    }
}
