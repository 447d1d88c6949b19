//! A pattern has one meaning: lint, validation, the gate and every language say the same of it, and what is no pattern is asked nowhere.

use eventc_codegen::{
    compat::{self, StandaloneSchema, Verdict},
    instance::{FormatReading, Validators},
    project::Project,
};
use eventc_tests::runners::{Case, Subject};
use serde_json::{Map, Value, json};

use crate::BATCH;

/// The name of the batch's subject.
const NAME: &str = "patterns";

/// How a pattern is read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Meaning {
    /// As it is written.
    Ecma,
    /// As this, without a word about it: `u` alone minds.
    Loose(&'static str),
    /// As this, which lint says.
    Foreign(&'static str),
    /// It is none.
    Broken,
}

use Meaning::{Broken, Ecma, Foreign, Loose};

/// Patterns with what they mean, texts that they match, and texts that they do not match. A broken one matches all.
type Row = (&'static str, Meaning, &'static [&'static str], &'static [&'static str]);

const TABLE: &[Row] = &[
    ("^abc$", Ecma, &["abc"], &["ABC", "abc\n", "xabc"]),
    ("b", Ecma, &["abc"], &["ac"]),
    ("^.$", Ecma, &["a", "\u{1F600}"], &["\n", "\r", "\u{2028}", "ab"]),
    ("^\\d+$", Ecma, &["12"], &["\u{663}", ""]),
    ("^(?=\\d)\\w$", Ecma, &["1"], &["\u{663}", "a"]),
    ("^\\w\\b", Ecma, &["a", "a\u{e9}"], &["ab"]),
    ("^\\S$", Ecma, &["a"], &["\u{a0}", "\u{feff}"]),
    ("^[^]$", Ecma, &["\n", "a"], &["", "ab"]),
    ("^[]$", Ecma, &[], &["", "a"]),
    ("^\\u{1F600}\\x41\\cA$", Ecma, &["\u{1F600}A\u{1}"], &["A"]),
    ("^\\ud83d\\ude00$", Ecma, &["\u{1F600}"], &["a"]),
    ("^\\p{Lu}+$", Ecma, &["\u{c4}B"], &["a"]),
    ("^\\p{Script=Greek}\\P{L}$", Ecma, &["\u{3b1}1"], &["a1"]),
    ("^(?<n>a|b)\\k<n>$", Ecma, &["aa", "bb"], &["ab"]),
    ("^(a|b)\\1$", Ecma, &["aa"], &["ab"]),
    ("^(?!tmp)[a-z]+$", Ecma, &["abc"], &["tmpx"]),
    ("(?<=a)b", Ecma, &["ab"], &["b"]),
    ("^[\\w\\-.]+?$", Ecma, &["a-b.c"], &["a b"]),
    ("^a{2,3}$", Ecma, &["aa", "aaa"], &["a", "aaaa"]),
    ("^a\\-b$", Loose("^a-b$"), &["a-b"], &["a\\-b"]),
    ("^\\_\\@\\ \\:$", Loose("^_@ :$"), &["_@ :"], &["_"]),
    ("^{x}]$", Loose("^\\{x\\}\\]$"), &["{x}]"], &["x"]),
    ("^a{,2}$", Loose("^a{0,2}$"), &["", "aa"], &["aaa", "a{,2}"]),
    ("^[\\w-.]+$", Loose("^[\\-\\.0-9A-Z_a-z]+$"), &["a-b.c"], &["a b"]),
    ("^[a-\\d]$", Loose("^[\\-0-9a]$"), &["a", "-", "7"], &["b"]),
    ("^(?=a)*b", Loose("^b"), &["b"], &["ab"]),
    ("(?i)^abc$", Foreign("^[Aa][Bb][Cc]$"), &["abc", "ABC", "aBc"], &["abd"]),
    ("^(?i:ab)c$", Foreign("^[Aa][Bb]c$"), &["ABc"], &["ABC"]),
    ("^a(?i)b(?-i)c$", Foreign("^a[Bb]c$"), &["aBc"], &["aBC", "Abc"]),
    ("(?i)^[a-c]{2}$", Foreign("^[A-Ca-c]{2}$"), &["aB"], &["ad"]),
    ("(?i)^\u{e4}$", Foreign("^[\u{c4}\u{e4}]$"), &["\u{c4}"], &["a"]),
    ("(?i)^[^a]$", Foreign("^[^Aa]$"), &["b"], &["A", "a"]),
    ("(?s)^.$", Foreign("^[\\x00-\\u{10ffff}]$"), &["\n", "a"], &[""]),
    ("(?m)^b$", Foreign("(?<![^\\x0a\\x0d\\u{2028}\\u{2029}])b(?![^\\x0a\\x0d\\u{2028}\\u{2029}])"), &["a\nb\nc", "b"], &["ab"]),
    ("(?x) ^ a\\ b  # a comment\n $", Foreign("^a b$"), &["a b"], &["ab"]),
    ("(?is)^A.$", Foreign("^[Aa][\\x00-\\u{10ffff}]$"), &["a\n"], &["b\n"]),
    ("(?u)^a$", Foreign("^a$"), &["a"], &["b"]),
    ("\\Aab\\Z", Foreign("^ab$"), &["ab"], &["ab\n", "xab"]),
    ("\\Aab\\z", Foreign("^ab$"), &["ab"], &["abx"]),
    ("^(?P<n>a|b)(?P=n)$", Foreign("^(a|b)(?:\\1)$"), &["aa"], &["ab"]),
    ("^(?'n'a)$", Foreign("^(a)$"), &["a"], &["b"]),
    ("^a(?#one)b$", Foreign("^ab$"), &["ab"], &["a"]),
    ("^a++$", Foreign("^a+$"), &["aa"], &["ab", ""]),
    ("^a*+a$", Foreign("^(?=(a*))(?:\\1)a$"), &[], &["a", "aa"]),
    ("^\\d{1,3}+\\.x?+$", Foreign("^[0-9]{1,3}\\.x?$"), &["12.", "1.x"], &["1234."]),
    ("^(?>a+)b$", Foreign("^a+b$"), &["aab"], &["b"]),
    ("^(?>ab|a)c$", Foreign("^(?=(ab|a))(?:\\1)c$"), &["abc", "ac"], &["bc"]),
    ("^(?>a|ab)c$", Foreign("^(?=(a|ab))(?:\\1)c$"), &["ac"], &["abc"]),
    ("^\\Qa.b*\\E$", Foreign("^a\\.b\\*$"), &["a.b*"], &["axb"]),
    ("\\Q(", Foreign("\\("), &["f(x)"], &["x"]),
    ("^\\h$", Foreign("^[\\x09 \\xa0\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}]$"), &["\t", " "], &["\n", "h"]),
    ("^a\\R$", Foreign("^a(?:\\x0d\\x0a|[\\x0a-\\x0d\\x85\\u{2028}\\u{2029}])$"), &["a\r\n", "a\n"], &["a"]),
    ("^\\x{41}\\x{1F600}$", Foreign("^A\\u{1f600}$"), &["A\u{1F600}"], &["x"]),
    ("^\\U0001F600\\e$", Foreign("^\\u{1f600}\\x1b$"), &["\u{1F600}\u{1b}"], &["U"]),
    ("^[[:alpha:]_]+$", Foreign("^[A-Z_a-z]+$"), &["a_B"], &["a1", ":"]),
    ("^[]a]+$", Foreign("^[\\]a]+$"), &["]a"], &["b"]),
    ("^\\pN$", Foreign(""), &["1", "\u{663}"], &["a"]),
    ("^\\p{Greek}+$", Foreign(""), &["\u{3b1}"], &["a"]),
    ("^\\p{IsLatin}$", Foreign(""), &["a"], &["\u{3b1}"]),
    ("[b-a]", Broken, &["", "x"], &[]),
    ("(?<=a", Broken, &["x"], &[]),
    ("(", Broken, &["x"], &[]),
    (")", Broken, &["x"], &[]),
    ("[a", Broken, &["x"], &[]),
    ("\\p{Foo}", Broken, &["x"], &[]),
    ("\\p{lu}", Broken, &["x"], &[]),
    ("a**", Broken, &["x"], &[]),
    ("*a", Broken, &["x"], &[]),
    ("a{2}{3}", Broken, &["x"], &[]),
    ("a{3,2}", Broken, &["x"], &[]),
    ("{1}", Broken, &["x"], &[]),
    ("\\", Broken, &["x"], &[]),
    ("\\G", Broken, &["x"], &[]),
    ("\\i\\c*", Broken, &["x"], &[]),
    ("(a)\\2", Broken, &["x"], &[]),
    ("\\k<n>", Broken, &["x"], &[]),
    ("(?i)(a)\\1", Broken, &["x"], &[]),
    ("(?(1)a|b)", Broken, &["x"], &[]),
    ("(?R)", Broken, &["x"], &[]),
    ("(?J)a", Broken, &["x"], &[]),
    ("(?<n>a)(?<n>b)", Broken, &["x"], &[]),
    ("[a-z&&[^b]]", Broken, &["x"], &[]),
    ("[a-c[x-z]]", Broken, &["x"], &[]),
    ("[[:foo:]]", Broken, &["x"], &[]),
    ("\\E", Broken, &["x"], &[]),
];

/// An event with a property for each pattern, and a name for each under `names`.
pub(crate) fn subjects() -> Vec<Subject> {
    vec![Subject::new(NAME, project).unchecked()]
}

fn property(index: usize) -> String {
    format!("p{index}")
}

fn project() -> Project {
    let of = |schema: &dyn Fn(&str) -> Value| -> Map<String, Value> {
        TABLE.iter().enumerate().map(|(index, (pattern, ..))| (property(index), schema(pattern))).collect()
    };
    let texts = json!({"type": "object", "properties": of(&|pattern| json!({"type": "string", "pattern": pattern}))});
    let closed =
        |pattern: &str| json!({"type": "object", "patternProperties": {pattern: {"type": "integer"}}, "additionalProperties": false});
    let names = json!({"type": "object", "properties": of(&closed)});
    let sound = json!({"type": "string", "maxLength": 3, "pattern": "("});
    let schema = json!({"type": "object", "properties": {"texts": texts, "names": names, "sound": sound}});
    Project::from_texts(&[("thing/happened.json", &schema.to_string())]).expect("a configuration")
}

/// Documents with what everybody says of them.
fn documents() -> Vec<(Value, bool)> {
    let mut documents = vec![(json!({"sound": "abc"}), true), (json!({"sound": "abcd"}), false)];
    for (index, (_, meaning, matching, other)) in TABLE.iter().enumerate() {
        let matching = matching.iter().map(|text| (*text, true));
        for (text, expected) in matching.chain(other.iter().map(|text| (*text, false))) {
            documents.push((json!({"texts": {property(index): text}}), expected));
            documents.push((json!({"names": {property(index): {text: 1}}}), expected));
            // Nothing is asked of what a broken pattern was to name.
            documents.push((json!({"names": {property(index): {text: "one"}}}), *meaning == Broken));
        }
    }
    documents
}

#[test]
fn every_language_and_validation_find_the_same() {
    let project = BATCH.project(NAME);
    let contract = &project.catalog.contracts[0];
    let documents = documents();
    let validator = Validators::new(&project.catalog).payload(contract, FormatReading::Annotation).expect("a usable schema");
    for (document, expected) in &documents {
        assert_eq!(validator.accepts(document), *expected, "validate: {document}");
    }
    let cases: Vec<Case> =
        documents.iter().map(|(document, _)| Case { topic: contract.topic.clone(), doc: document.to_string() }).collect();
    for runner in BATCH.runners(NAME) {
        for ((document, expected), verdict) in documents.iter().zip(runner.ask(&cases)) {
            assert_eq!(verdict.valid, *expected, "{}: {document}: {}", runner.language.name(), verdict.said);
        }
    }
}

#[test]
fn the_gate_finds_the_same() {
    let parse = |schema: Value| StandaloneSchema::parse(&schema.to_string()).expect("a schema");
    let options = compat::CompareOptions::default();
    for (pattern, _, matching, other) in TABLE {
        let reader = parse(json!({"type": "string", "pattern": pattern}));
        let texts = matching.iter().map(|text| (text, Verdict::Compatible)).chain(other.iter().map(|text| (text, Verdict::Incompatible)));
        for (text, expected) in texts {
            let found = compat::compare(parse(json!({"const": text})).side(), reader.side(), &options).verdict;
            assert_eq!(found, expected, "{pattern}: {text:?}");
        }
    }
}

#[test]
fn lint_says_how_each_is_read() {
    for (pattern, meaning, ..) in TABLE {
        let schema = json!({"type": "object", "properties": {"p": {"type": "string", "pattern": pattern}}}).to_string();
        let project = Project::from_texts(&[("thing.json", &schema)]).expect("a configuration");
        let findings = project.lint(None).into_vec();
        let found: Vec<_> = findings.iter().map(|found| (found.rule.name, found.message.as_str(), found.help.as_deref())).collect();
        let said = found.iter().filter(|(name, ..)| name.ends_with("-pattern")).collect::<Vec<_>>();
        match (meaning, &said[..]) {
            (Ecma | Loose(_), []) | (Foreign(""), [("foreign-pattern", ..)]) => {}
            (Broken, [("bad-pattern", message, _)]) => assert!(message.contains("is no regular expression: "), "{message}"),
            (Foreign(text), [("foreign-pattern", _, Some(help))]) => assert!(help.contains(&format!("{text:?}")), "{pattern}: {help}"),
            _ => panic!("{pattern}: {found:?}"),
        }
        assert!(!found.iter().any(|(name, ..)| ["meta-schema", "invalid-example"].contains(name)), "{found:?}");
    }
}

#[test]
fn what_u_alone_minds_is_written_out() {
    let project = BATCH.project(NAME);
    let schemas = &project.catalog.schemas;
    let texts: Vec<&str> = schemas.ids().filter_map(|id| schemas.keywords(id)?.pattern.as_deref()).collect();
    for (pattern, meaning, ..) in TABLE {
        match meaning {
            Ecma => assert!(texts.contains(pattern), "{pattern}"),
            Loose(text) | Foreign(text) if !text.is_empty() => assert!(texts.contains(text), "{pattern}: {text}"),
            _ => {}
        }
    }
}
