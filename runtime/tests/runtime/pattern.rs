//! The runtime reads every pattern that the compiler makes: what it did not would be enforced in other languages alone.

const PATTERNS: &[&str] = &[
    "",
    "^a$",
    "a-b",
    "a\\-b",
    "^{x$",
    "(",
    ")",
    "[z-a]",
    "[b-a]",
    "\\A",
    "\\Z",
    "\\p{Lu}",
    "\\p{Foo}",
    "\\u{41}",
    "\\u0041",
    "\\x41",
    "\\x{41}",
    "(?i)^abc$",
    "(?i:a)",
    "(?>a)",
    "(?P<n>a)",
    "(?<n>a)",
    "(?<n>a)\\k<n>",
    "\\h",
    "a++",
    "a?+",
    "(?<=a",
    "(?<=a)b",
    "(?=a)",
    "(?!a)",
    "\\Q",
    "\\E",
    "^[\\w-.]+$",
    "[\\d-x]",
    "\\c",
    "\\cA",
    "a{2,1}",
    "a{1,2}",
    "a{",
    "{",
    "}",
    "]",
    "[]",
    "[^]",
    "\\1",
    "(a)\\1",
    "\\d+?",
    "*",
    "+",
    "?",
    "^*",
];

#[test]
fn the_runtime_reads_what_the_compiler_makes() {
    let made: Vec<_> = PATTERNS.iter().filter_map(|pattern| eventc_pattern::read(pattern).ok()).collect();
    assert!(made.len() > 30, "{}", made.len());
    for reading in made {
        assert!(eventc::private::is_pattern(&reading.text), "{:?}", reading.text);
    }
}
