//! Verdicts on random edits of random schemas, held against documents that are made at random.
//!
//! `EVENTC_PAIRS=100000 cargo test --release -p eventc-codegen --test random_pairs -- --nocapture` runs longer than the suite does;
//! `EVENTC_SEED` chooses other pairs.

use std::{env, fmt::Write as _, thread};

use eventc_codegen::compat::{ContentModel, Document, Mode, Options, Verdict, compare};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Pairs in an ordinary run.
const PAIRS: u64 = 600;
/// Documents that are tried for each pair.
const DOCUMENTS: usize = 60;

/// `SplitMix64`: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("a small number")
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const NAMES: &[&str] = &["a", "b", "ab", "x-1"];
const PATTERNS: &[&str] = &["^a", "b$", "^[ab]+$", "^x-", "^.{2}$", "^(?!a)", r"\d"];
const TYPES: &[&str] = &["string", "number", "integer", "object", "array", "boolean", "null"];

fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => json!(random.chance(50)),
        2 => json!(random.below(7)),
        3 => json!(f64::from(u8::try_from(random.below(12)).expect("small")) / 2.0),
        4 | 5 => json!(*random.pick(&["", "a", "b", "ab", "ba", "aab", "x-1", "1"])),
        6 => json!((0..random.below(4)).map(|_| value(random, depth - 1)).collect::<Vec<_>>()),
        _ => Value::Object((0..random.below(4)).map(|_| ((*random.pick(NAMES)).to_owned(), value(random, depth - 1))).collect()),
    }
}

fn schema(random: &mut Random, depth: usize) -> Value {
    if random.chance(6) {
        return json!(random.chance(70));
    }
    let mut members = Map::new();
    if random.chance(60) {
        members.insert("type".into(), kind(random));
    }
    for _ in 0..=random.below(3) {
        let (keyword, value) = keyword(random, depth);
        members.insert(keyword.into(), value);
    }
    Value::Object(members)
}

fn kind(random: &mut Random) -> Value {
    if random.chance(75) {
        return json!(*random.pick(TYPES));
    }
    let mut kinds = vec![*random.pick(TYPES), *random.pick(TYPES)];
    kinds.dedup();
    json!(kinds)
}

fn keyword(random: &mut Random, depth: usize) -> (&'static str, Value) {
    let plain = 18;
    let count = |random: &mut Random| json!(random.below(4));
    match random.below(if depth == 0 { plain } else { plain + 20 }) {
        0 => ("type", kind(random)),
        1 => ("const", value(random, 1)),
        2 => ("enum", json!([value(random, 1), value(random, 1), value(random, 0)])),
        3 => ("minimum", json!(random.below(5))),
        4 => ("maximum", json!(random.below(7))),
        5 => ("exclusiveMinimum", json!(random.below(5))),
        6 => ("exclusiveMaximum", json!(random.below(7))),
        7 => ("multipleOf", random.pick(&[json!(1), json!(2), json!(3), json!(0.5), json!(1.5)]).clone()),
        8 => ("minLength", count(random)),
        9 => ("maxLength", count(random)),
        10 => ("pattern", json!(*random.pick(PATTERNS))),
        11 => ("required", json!([*random.pick(NAMES)])),
        12 => ("minProperties", count(random)),
        13 => ("maxProperties", count(random)),
        14 => ("minItems", count(random)),
        15 => ("maxItems", count(random)),
        16 => ("uniqueItems", json!(true)),
        17 => ("dependentRequired", json!({ *random.pick(NAMES): [*random.pick(NAMES)] })),
        other => applicator(random, depth - 1, other - plain),
    }
}

fn applicator(random: &mut Random, depth: usize, which: usize) -> (&'static str, Value) {
    let list = |random: &mut Random| json!((0..=random.below(3)).map(|_| schema(random, depth)).collect::<Vec<_>>());
    match which {
        0..3 => ("properties", map(random, NAMES, depth)),
        3 => ("patternProperties", map(random, PATTERNS, depth)),
        4 | 5 => ("additionalProperties", if random.chance(40) { json!(false) } else { schema(random, depth) }),
        6 => ("propertyNames", schema(random, 0)),
        7 | 8 => ("items", schema(random, depth)),
        9 => ("prefixItems", list(random)),
        10 => ("contains", schema(random, depth)),
        11 => ("allOf", list(random)),
        12 => ("anyOf", list(random)),
        13 => ("oneOf", list(random)),
        14 => ("not", schema(random, depth)),
        15 => ("dependentSchemas", map(random, NAMES, depth)),
        16 => ("unevaluatedProperties", if random.chance(60) { json!(false) } else { schema(random, depth) }),
        17 => ("unevaluatedItems", if random.chance(60) { json!(false) } else { schema(random, depth) }),
        18 => ("if", schema(random, depth)),
        _ => (if random.chance(50) { "then" } else { "else" }, schema(random, depth)),
    }
}

fn map(random: &mut Random, keys: &[&str], depth: usize) -> Value {
    Value::Object((0..=random.below(2)).map(|_| ((*random.pick(keys)).to_owned(), schema(random, depth))).collect())
}

/// The schema with some keyword of some subschema added, replaced or taken away.
fn edited(random: &mut Random, old: &Value) -> Value {
    let mut new = old.clone();
    for _ in 0..=random.below(2) {
        let pointers = places(&new, String::new());
        let place = new.pointer_mut(random.pick(&pointers[..]).as_str()).expect("a place of the schema");
        match place {
            Value::Object(members) if !members.is_empty() && random.chance(35) => {
                let keys: Vec<String> = members.keys().cloned().collect();
                members.shift_remove(random.pick(&keys));
            }
            Value::Object(members) => {
                let (keyword, value) = keyword(random, 1);
                members.insert(keyword.into(), value);
            }
            place => *place = schema(random, 1),
        }
    }
    new
}

/// JSON Pointers to the subschemas of a schema.
fn places(schema: &Value, at: String) -> Vec<String> {
    let mut found = Vec::new();
    if let Value::Object(members) = schema {
        for (keyword, value) in members {
            let below = format!("{at}/{keyword}");
            match keyword.as_str() {
                "properties" | "patternProperties" | "dependentSchemas" => {
                    let keys = value.as_object().into_iter().flatten();
                    found.extend(
                        keys.flat_map(|(key, value)| places(value, format!("{below}/{}", key.replace('~', "~0").replace('/', "~1")))),
                    );
                }
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    let items = value.as_array().into_iter().flatten().enumerate();
                    found.extend(items.flat_map(|(index, value)| places(value, format!("{below}/{index}"))));
                }
                "additionalProperties"
                | "propertyNames"
                | "items"
                | "contains"
                | "not"
                | "unevaluatedProperties"
                | "unevaluatedItems"
                | "if"
                | "then"
                | "else" => found.extend(places(value, below)),
                _ => {}
            }
        }
    }
    found.push(at);
    found
}

fn validator(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).expect("a schema that the reference validator takes")
}

/// What is wrong with the verdicts on a pair; and how many of the two questions found no answer.
fn contradictions(old: &Value, new: &Value, random: &mut Random) -> (String, u64) {
    let document = |schema: &Value| Document::parse(&schema.to_string()).expect("a schema");
    let (old_document, new_document) = (document(old), document(new));
    let (accepts_old, accepts_new) = (validator(old), validator(new));
    let mut wrong = String::new();
    let mut undecided = 0;
    for (mode, writer, reader) in [(Mode::Backward, &accepts_old, &accepts_new), (Mode::Forward, &accepts_new, &accepts_old)] {
        let ask = |content_model| compare(old_document.side(), new_document.side(), &Options { mode, content_model, ..Options::default() });
        let (strict, declared) = (ask(ContentModel::Strict), ask(ContentModel::Declared));
        if declared.verdict == Verdict::Incompatible && strict.verdict == Verdict::Compatible {
            writeln!(wrong, "{mode:?}: what is declared breaks, and all together does not").expect("text");
        }
        for found in strict.breaks.iter().chain(&declared.breaks) {
            if !writer.is_valid(&found.witness) || reader.is_valid(&found.witness) {
                writeln!(wrong, "{mode:?}: {} is no witness", found.witness).expect("text");
            }
        }
        undecided += u64::from(strict.verdict == Verdict::Undecided);
        if strict.verdict == Verdict::Compatible {
            let documents = (0..DOCUMENTS).map(|_| value(random, 2));
            for document in documents.filter(|document| writer.is_valid(document) && !reader.is_valid(document)) {
                writeln!(wrong, "{mode:?}: said to be compatible, but {document} breaks").expect("text");
            }
        }
    }
    (wrong, undecided)
}

#[test]
fn no_document_contradicts_a_verdict() {
    let pairs = env::var("EVENTC_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(PAIRS);
    let seed: u64 = env::var("EVENTC_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
    let run = |first: u64| {
        let mut undecided = 0;
        for number in (first..pairs).step_by(usize::try_from(threads).expect("few")) {
            let mut random = Random(seed.wrapping_mul(1 << 32).wrapping_add(number));
            let old = schema(&mut random, 3);
            let new = edited(&mut random, &old);
            let (wrong, open) = contradictions(&old, &new, &mut random);
            assert_eq!(wrong, "", "pair {number} of seed {seed}:\n{old}\n{new}");
            undecided += open;
        }
        undecided
    };
    let undecided: u64 = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || run(first))).collect();
        workers.into_iter().map(|worker| worker.join().expect("no contradiction")).sum()
    });
    #[allow(clippy::print_stdout, reason = "a long run is made for these figures")]
    {
        println!("{pairs} pairs in both directions, {undecided} questions undecided");
    }
    assert!(undecided * 100 <= pairs * 2, "{undecided} of {} questions are undecided", pairs * 2);
}
