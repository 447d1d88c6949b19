//! What of the suite is not run, and which of its tests fail: each with its reason.

/// Files of the suite that ask for something which eventc leaves alone on purpose.
pub(super) const NOT_RUN: &[(&str, &str)] = &[
    ("optional/content", "`contentMediaType` and `contentEncoding` are annotations, as draft 2019-09 settled it"),
    (
        "optional/dependencies-compatibility",
        "`dependencies` is no keyword since draft 2019-09 and demands nothing there; lint reports it (`unknown-keyword`)",
    ),
    ("optional/format-assertion", "`format` is an annotation, whatever vocabulary a meta-schema names"),
    ("optional/zeroTerminatedFloats", "`1.0` is an integer in draft 4 too, as every later draft has it"),
];

/// A test that fails in some languages.
#[derive(Debug)]
pub(super) struct Exception {
    /// File, group and test, as the suite calls them.
    pub(super) test: [&'static str; 3],
    /// The languages in which it fails.
    pub(super) languages: &'static [&'static str],
    /// A draft of which the schema asks for less, so that it passes there.
    pub(super) passes_in: Option<&'static str>,
    /// Why.
    pub(super) reason: &'static str,
}

const RUST_64_BITS: &str = "an integer is read into 64 bits where its schema states no bounds beyond them, without `integers = \"exact\"`";
const RUST_DOUBLE: &str =
    "a number is read into a double where its schema does not say `integer`, and written from it, without `numbers = \"exact\"`";
const JS_DOUBLE: &str = "`JSON.parse` makes a double of it, without `integers = \"bigint\"` (reported when the schema's own bounds are that \
                         large: EV404)";
const PYTHON_DOUBLE: &str = "`json.loads` makes a double of it, which is compared with the exact bound; `validate_json` does not";

const BIG: &str = "optional/bignum";
const LESS: &str = "comparison works for high numbers";
const MORE: &str = "comparison works for very negative numbers";

/// Every test that fails. The test of this list fails where one of them passes.
pub(super) const EXCEPTIONS: &[Exception] = &[
    Exception { test: [BIG, "integer", "a bignum is an integer"], languages: &["Rust"], passes_in: None, reason: RUST_64_BITS },
    Exception { test: [BIG, "integer", "a bignum is an integer"], languages: &["TypeScript"], passes_in: None, reason: JS_DOUBLE },
    Exception { test: [BIG, "integer", "a negative bignum is an integer"], languages: &["Rust"], passes_in: None, reason: RUST_64_BITS },
    Exception { test: [BIG, "integer", "a negative bignum is an integer"], languages: &["TypeScript"], passes_in: None, reason: JS_DOUBLE },
    Exception { test: [BIG, "number", "a bignum is a number"], languages: &["Rust"], passes_in: None, reason: RUST_DOUBLE },
    Exception { test: [BIG, "number", "a bignum is a number"], languages: &["TypeScript"], passes_in: None, reason: JS_DOUBLE },
    Exception { test: [BIG, "number", "a negative bignum is a number"], languages: &["Rust"], passes_in: None, reason: RUST_DOUBLE },
    Exception { test: [BIG, "number", "a negative bignum is a number"], languages: &["TypeScript"], passes_in: None, reason: JS_DOUBLE },
    Exception { test: [BIG, "maximum integer comparison", LESS], languages: &["TypeScript"], passes_in: None, reason: JS_DOUBLE },
    Exception { test: [BIG, "minimum integer comparison", MORE], languages: &["Rust"], passes_in: None, reason: RUST_DOUBLE },
    Exception { test: [BIG, "minimum integer comparison", MORE], languages: &["TypeScript"], passes_in: None, reason: JS_DOUBLE },
    Exception { test: [BIG, "float comparison with high precision", LESS], languages: &["Python"], passes_in: None, reason: PYTHON_DOUBLE },
    Exception {
        test: [BIG, "float comparison with high precision on negative numbers", MORE],
        languages: &["Python"],
        passes_in: None,
        reason: PYTHON_DOUBLE,
    },
    Exception {
        test: [
            "optional/float-overflow",
            "all integers are multiples of 0.5, if overflow is handled",
            "valid if optional overflow handling is implemented",
        ],
        languages: &["Rust"],
        passes_in: Some("draft4"),
        reason: RUST_64_BITS,
    },
];

/// The files about numbers that a language's own types do not hold: they are run once more, with exact numbers.
pub(super) const LARGE: &[&str] = &[BIG, "optional/float-overflow"];

/// Whether a file of the suite is run.
pub(super) fn is_run(keyword: &str) -> bool {
    !NOT_RUN.iter().any(|(file, _)| *file == keyword)
}

/// Whether a test is listed for a language.
pub(super) fn is_listed(draft: &str, test: [&str; 3], language: &str) -> bool {
    let concerns = |exception: &&Exception| exception.test == test && exception.passes_in != Some(draft);
    EXCEPTIONS.iter().filter(concerns).any(|exception| exception.languages.contains(&language))
}
