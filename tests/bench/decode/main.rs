//! Times what decodes the same payload in several ways, one after the other and round after round, so that a noisy machine disturbs all
//! alike. Prints a line for each payload: its size, and each way's best time, as a multiple of the plain derive's.

use std::{hint::black_box, path::Path, time::Instant};

mod cases;
mod keeping;
mod plain;
#[cfg(feature = "peers")]
mod typify;

/// One way to decode.
struct Way {
    name: &'static str,
    run: Box<dyn Fn(&[u8])>,
}

fn way<T>(name: &'static str, run: impl Fn(&[u8]) -> T + 'static) -> Way {
    Way { name, run: Box::new(move |json| drop(black_box(run(black_box(json))))) }
}

const ROUNDS: usize = 60;
const NANOSECONDS_A_ROUND: u128 = 2_000_000;

/// The best time of each way, in nanoseconds.
fn measure(json: &[u8], ways: &[Way]) -> Vec<f64> {
    let repeats: Vec<u32> = ways
        .iter()
        .map(|way| {
            // Plans are compiled when they are first used.
            (way.run)(json);
            let start = Instant::now();
            (way.run)(json);
            u32::try_from(NANOSECONDS_A_ROUND / (start.elapsed().as_nanos() + 1)).unwrap_or(1).max(1)
        })
        .collect();
    let mut best = vec![f64::INFINITY; ways.len()];
    for _ in 0..ROUNDS {
        for ((way, repeats), best) in ways.iter().zip(&repeats).zip(&mut best) {
            let start = Instant::now();
            for _ in 0..*repeats {
                (way.run)(json);
            }
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(*repeats));
        }
    }
    best
}

/// For each case its name, the plain type, the one that keeps unknown properties, the generated event, and typify's type if there is one.
macro_rules! list {
    ($($name:literal $plain:ty, $keeping:ty, $event:ty $(, $typify:ty)?;)*) => {
        pub(crate) fn all(folder: &std::path::Path) -> Vec<crate::Case> {
            vec![$({
                #[allow(unused_mut)]
                let mut case = crate::Case::read::<$plain, $keeping, $event>(folder, $name);
                $(#[cfg(feature = "peers")]
                case.ways.push(crate::way("typify", |json| serde_json::from_slice::<$typify>(json).expect("what typify reads")));)?
                case
            }),*]
        }
    };
}
pub(crate) use list;

/// A payload, and the ways to decode it.
struct Case {
    name: &'static str,
    json: Vec<u8>,
    ways: Vec<Way>,
}

impl Case {
    fn read<P: serde::de::DeserializeOwned, K: serde::de::DeserializeOwned, E: eventc::Event>(folder: &Path, name: &'static str) -> Self {
        let file = |kind: &str| std::fs::read(folder.join(kind).join(name).with_extension("json")).expect("a file of the case");
        #[allow(unused_mut)]
        let mut ways = vec![
            way("plain derive", |json| serde_json::from_slice::<P>(json).expect("the plain type")),
            way("`decode_valid`", |json| E::decode_valid(json).expect("a valid event")),
            way("`decode`", |json| E::decode(json).expect("an event")),
            way("`validate_json`, `decode`", |json| {
                E::validate_json(json).expect("a valid event");
                E::decode(json).expect("an event")
            }),
            way("plain derive under its schema", |json| E::schema().decode::<P>(json).expect("a valid document")),
            way("`validate_json`, plain derive", |json| {
                E::validate_json(json).expect("a valid event");
                serde_json::from_slice::<P>(json).expect("the plain type")
            }),
            way("plain derive that keeps", |json| serde_json::from_slice::<K>(json).expect("the keeping type")),
        ];
        #[cfg(feature = "peers")]
        ways.push({
            let schema = serde_json::from_slice(&file("schemas")).expect("JSON");
            let validator = jsonschema::validator_for(&schema).expect("a schema");
            way("`Value`, `jsonschema`, `from_value`", move |json| {
                let value = serde_json::from_slice::<serde_json::Value>(json).expect("JSON");
                assert!(validator.is_valid(&value));
                serde_json::from_value::<P>(value).expect("the plain type")
            })
        });
        Self { name, json: file("payloads"), ways }
    }
}

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of payloads and schemas");
    let only = std::env::args().nth(2);
    let mut cases = cases::all(folder.as_ref());
    cases.retain(|case| only.as_deref().is_none_or(|only| only == case.name));
    cases.sort_by_key(|case| case.json.len());
    let most = cases.iter().max_by_key(|case| case.ways.len()).expect("a case");
    let names: Vec<&str> = most.ways.iter().map(|way| way.name).collect();
    println!("| payload | bytes | {} |", names.join(" | "));
    println!("|---|---|{}", "---|".repeat(names.len()));
    let mut sums = vec![(0.0, 0.0); names.len()];
    for Case { name, json, ways } in &cases {
        let best = measure(json, ways);
        print!("| {name} | {} | {:.2} µs |", json.len(), best[0] / 1000.0);
        for (time, (sum, count)) in best.iter().zip(&mut sums).skip(1) {
            let ratio = time / best[0];
            print!(" {ratio:.2} |");
            *sum += ratio.ln();
            *count += 1.0;
        }
        println!("{}", " |".repeat(names.len() - best.len()));
    }
    print!("| geometric mean | | |");
    for (sum, count) in &sums[1..] {
        print!(" {:.2} |", f64::exp(sum / count));
    }
    println!();
}
