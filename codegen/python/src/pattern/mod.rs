//! Patterns: from ECMA-262 (with the `u` flag) to Python's `re`.
//!
//! [`eventc_pattern`] takes the pattern apart, and [`print`] writes what Python understands in the same sense. A pattern that Python cannot say is an error with the reason; it is never approximated.

mod print;

/// Returns a pattern for `re.search` that finds exactly what the ECMA-262 pattern finds.
///
/// # Errors
/// With the reason why there is none, as a clause without a full stop.
pub(super) fn translate(pattern: &str) -> Result<String, String> {
    print::print(&eventc_pattern::read(pattern)?.parsed)
}

#[cfg(test)]
mod tests {
    use super::translate;

    fn check(cases: &[(&str, &str)]) {
        for (ecma, python) in cases {
            assert_eq!(translate(ecma).as_deref(), Ok(*python), "{ecma}");
        }
    }

    #[test]
    fn anchors_mean_the_ends_of_the_text() {
        check(&[("^a$", r"^a\Z"), ("", ""), ("a|b$", r"a|b\Z"), (r"^\/a-b$", r"^/a\-b\Z")]);
    }

    #[test]
    fn classes_are_ascii_where_ecma_says_so() {
        check(&[
            (r"\d", "[0-9]"),
            (r"\D", r"[\x00-/:-\U0010ffff]"),
            (r"[\w.-]", r"[\-\.0-9A-Z_a-z]"),
            (r"[^\d]", r"[\x00-/:-\U0010ffff]"),
            ("[]", "(?!)"),
            ("[^]", r"[\x00-\U0010ffff]"),
            (".", r"[\x00-\t\x0b\x0c\x0e-\u2027\u202a-\U0010ffff]"),
            (r"\p{Script=Thaana}", r"[\u0780-\u07b1]"),
            (r"\p{ASCII_Hex_Digit}", "[0-9A-Fa-f]"),
        ]);
    }

    #[test]
    fn characters_are_code_points() {
        check(&[
            (r"\u{1F600}", r"\U0001f600"),
            (r"\ud83d\ude00", r"\U0001f600"),
            ("é", r"\xe9"),
            (r"\cA\0\x41", r"\x01\x00A"),
            (r"[\b]", r"\x08"),
        ]);
    }

    #[test]
    fn groups_and_references_keep_their_numbers() {
        check(&[
            (r"(?<year>\d{4})-\k<year>", r"([0-9]{4})\-(?(1)\1)"),
            (r"(?:a){2,}?b*+?".trim_end_matches("+?"), r"(?:a){2,}?b*"),
            (r"\1(a)", "(?:)(a)"),
            (r"(?i)^a\.\Z", r"^[Aa]\.\Z"),
        ]);
    }

    #[test]
    fn alternatives_of_a_lookbehind_may_differ_in_width() {
        check(&[(r"(?<=a|bc)d", "(?:(?<=a)|(?<=bc))d"), (r"(?<!a|bc)d", "(?<!a)(?<!bc)d")]);
    }

    #[test]
    fn what_python_cannot_say_is_an_error() {
        for (pattern, reason) in [
            (r"(?<=a+)b", "lookbehind"),
            (r"a**", "repeat"),
            (r"\G", "escape"),
            ("(a", "closed"),
            (r"(?:(a)|b)*\1", "reference"),
            (r"\p{Nonsense}", "property"),
            (r"[z-a]", "range"),
        ] {
            let error = translate(pattern).expect_err(pattern);
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }
}
