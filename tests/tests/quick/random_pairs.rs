//! Verdicts on random edits of random schemas, held against documents that are made at random.
//!
//! `EVENTC_PAIRS=100000 cargo test --release -p eventc-tests --test quick random_pairs -- --nocapture` runs longer than the suite does;
//! `EVENTC_SEED` chooses other pairs.

use std::{env, fmt::Write as _, thread};

use eventc_compat::{CompareMode, CompareOptions, ContentModel, StandaloneSchema, Verdict, compare};
use eventc_tests::{
    random::Random,
    random_schemas::{keyword, schema, value},
};
use jsonschema::Validator;
use serde_json::Value;

/// Pairs in an ordinary run.
const PAIRS: u64 = 600;
/// Documents that are tried for each pair.
const DOCUMENTS: usize = 60;

/// Returns the schema with some keyword of some subschema added, replaced or taken away.
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

/// Returns JSON Pointers to the subschemas of a schema.
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

/// Returns what is wrong with the verdicts on a pair, and how many of the two questions found no answer.
fn contradictions(old: &Value, new: &Value, random: &mut Random) -> (String, u64) {
    let document = |schema: &Value| StandaloneSchema::parse(&schema.to_string()).expect("a schema");
    let (old_document, new_document) = (document(old), document(new));
    let (accepts_old, accepts_new) = (validator(old), validator(new));
    let mut wrong = String::new();
    let mut undecided = 0;
    for (mode, writer, reader) in [(CompareMode::Backward, &accepts_old, &accepts_new), (CompareMode::Forward, &accepts_new, &accepts_old)]
    {
        let ask = |content_model| {
            compare(old_document.side(), new_document.side(), &CompareOptions { mode, content_model, ..CompareOptions::default() })
        };
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
