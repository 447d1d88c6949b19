//! Proof or refutation that a reader accepts every document of a writer: two schemas to one [`Comparison`].
//!
//! A definite answer is a proof: `Compatible` says that no document exists which the writer may send and the reader refuses,
//! `Incompatible` shows one, confirmed by validating it under both schemas. What is neither proved nor refuted is `Undecided`.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod avro;
mod comparison;
mod confirm;
mod contain;
mod evaluate;
mod explain;
mod formats;
mod formula;
mod lengths;
mod lower;
mod number;
pub mod rules;
mod shrink;
mod solve;
mod standalone;
mod text;
mod walk;

use std::cell::LazyCell;

use eventc_model::diagnostic::Place;
pub use eventc_model::{
    config::ContentModel,
    diagnostic::{Bump, Verdict},
};
use serde_json::Value;

use self::contain::{Containment, ContainmentQuery};
pub use self::{
    comparison::{Break, CompareMode, CompareOptions, Comparison, Direction, SchemaLocation, Side, Undecided},
    standalone::StandaloneSchema,
};

/// The maximum number of breaks that one comparison finds.
const MAX_BREAKS: usize = 40;

/// The stack size of a comparison's thread: schemas nest, and so do proofs.
const STACK: usize = 1 << 30;

/// Compares two versions of a schema.
///
/// ```
/// use eventc_compat::{CompareOptions, StandaloneSchema, Verdict, compare};
///
/// let old = StandaloneSchema::parse(r#"{"required": ["id"]}"#).expect("a schema");
/// let new = StandaloneSchema::parse(r#"{"required": ["id", "currency"]}"#).expect("a schema");
/// let comparison = compare(old.side(), new.side(), &CompareOptions::default());
/// assert_eq!(comparison.verdict, Verdict::Incompatible);
/// assert_eq!(comparison.breaks[0].rule.name, "property-required");
/// assert_eq!(comparison.breaks[0].witness, serde_json::json!({"id": ""}));
/// ```
pub fn compare(old: Side<'_>, new: Side<'_>, options: &CompareOptions) -> Comparison {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || compare_here(old, new, options));
        match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No further thread could be started: the work is done here.
            Err(_) => compare_here(old, new, options),
        }
    })
}

fn compare_here(old: Side<'_>, new: Side<'_>, options: &CompareOptions) -> Comparison {
    if let Some(comparison) = avro::compare(old, new, options) {
        return comparison;
    }
    let change = ContainmentQuery::of_change(old, new, options);
    let mut comparison = Comparison {
        verdict: Verdict::Compatible,
        required_bump: Bump::None,
        breaks: Vec::new(),
        meaning: Vec::new(),
        undecided: Vec::new(),
    };
    if !change.is_unchanged() {
        for direction in options.mode.directions() {
            let (writer, reader) = match direction {
                Direction::Backward => (old, new),
                Direction::Forward => (new, old),
            };
            decide(writer, reader, *direction, options, &mut comparison);
        }
    }
    comparison.conclude();
    if comparison.verdict == Verdict::Compatible {
        comparison.required_bump = additions(&change, old, new, options);
    }
    comparison
}

/// Returns the step that a compatible change needs: none where nothing changed, patch where only words did.
fn additions(change: &ContainmentQuery<'_>, old: Side<'_>, new: Side<'_>, options: &CompareOptions) -> Bump {
    let strict = CompareOptions {
        content_model: ContentModel::Strict,
        ignored: options.ignored.clone(),
        stamps: options.stamps.clone(),
        formats: options.formats,
        ..CompareOptions::default()
    };
    let within = |writer, reader, direction| matches!(ContainmentQuery::new(writer, reader, direction, &strict).ask(), Containment::Within);
    if change.is_unchanged() {
        return if confirm::whole(old) == confirm::whole(new) { Bump::None } else { Bump::Patch };
    }
    let is_same = || within(old, new, Direction::Backward) && within(new, old, Direction::Forward);
    if change.declares_the_same() && is_same() { Bump::Patch } else { Bump::Minor }
}

/// Answers one query, and goes on after each break as if it were mended, until nothing breaks any more.
fn decide(writer: Side<'_>, reader: Side<'_>, direction: Direction, options: &CompareOptions, comparison: &mut Comparison) {
    let mut query = ContainmentQuery::new(writer, reader, direction, options);
    // Compiled once somebody has a witness to show.
    let validators = LazyCell::new(|| {
        let validator = |side| confirm::validator(side, options.asserts_formats());
        validator(writer).zip(validator(reader))
    });
    let first = comparison.breaks.len();
    while comparison.breaks.len() < first + MAX_BREAKS {
        let unsupported = match query.ask() {
            Containment::Within => return,
            Containment::Unknown(unsupported) => unsupported,
            Containment::Escapes(witness) => {
                // Whether the writer may send what an absent schema decides is not known; the solver has seen to it that nothing hangs on it.
                let may_be_sent = match query.judge(&witness) {
                    (Some(true), _) => &[Some(true)][..],
                    _ if query.asks_absent() => &[Some(true), None],
                    _ => &[],
                };
                let proves = |document: &Value| {
                    let (sent, accepted) = query.judge(document);
                    may_be_sent.contains(&sent)
                        && accepted == Some(false)
                        && validators.as_ref().is_some_and(|(writer, reader)| writer.is_valid(document) && !reader.is_valid(document))
                };
                if proves(&witness) {
                    let witness = shrink::shrink(witness, proves);
                    let mut refusals = query.refusals(&witness);
                    let breaks = explain::explain(&mut query, direction, &witness, &refusals);
                    // Where the writer's object is open, one name speaks for all.
                    for (refusal, _) in refusals.iter_mut().zip(&breaks).filter(|(_, found)| *found.rule == rules::OBJECT_CLOSED) {
                        refusal.name = None;
                    }
                    comparison.breaks.extend(breaks);
                    if query.ignore_keywords(&refusals) {
                        continue;
                    }
                    return;
                }
                let reason = "a witness was found that the reference validator judges differently".to_owned();
                [formula::Unsupported { keyword: String::new(), pointer: String::new(), reason }].into()
            }
        };
        // What is left beside a break does not change the verdict.
        if comparison.breaks.len() == first {
            let (old, new) = if direction == Direction::Backward { (writer, reader) } else { (reader, writer) };
            comparison.undecided.extend(unsupported.into_iter().map(|unsupported| Undecided {
                direction,
                place: [new, old].into_iter().find_map(|side| place_of(side, &unsupported)),
                keyword: unsupported.keyword,
                pointer: unsupported.pointer,
                reason: unsupported.reason,
            }));
        }
        return;
    }
}

/// Returns the place of what could not be decided in the file of a schema; nothing where the keyword does not stand there.
fn place_of(side: Side<'_>, unsupported: &formula::Unsupported) -> Option<Place> {
    let document = side.schemas.file(side.schemas.node(side.root).file);
    let found = document.get(&unsupported.pointer)?;
    let is_there = unsupported.pointer.ends_with(&format!("/{}", unsupported.keyword)) || found.get(&unsupported.keyword).is_some();
    is_there.then(|| document.place(&unsupported.pointer))
}
