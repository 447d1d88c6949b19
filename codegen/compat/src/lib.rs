//! Whether every document of a writer is accepted by a reader: two schemas to one [`Comparison`].
//!
//! A definite answer is a proof: `Compatible` says that no document exists which the writer may send and the reader refuses,
//! `Incompatible` shows one, confirmed by validating it under both schemas. What is neither proved nor refuted is `Undecided`.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod avro;
mod confirm;
mod contain;
mod document;
mod evaluate;
mod explain;
mod formats;
mod formula;
mod lower;
mod number;
pub mod rules;
mod shrink;
mod solve;
mod text;
mod unevaluated;
mod walk;

use self::contain::{Containment, Question};
pub use self::document::Document;
use std::cell::LazyCell;

pub use eventc_model::diagnostic::{Bump, Verdict};
use eventc_model::{
    config::{self, Compatibility, Namespace, Tolerance},
    diagnostic::{Place, Rule},
    schema::{NodeId, Schemas},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A schema in its tree.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The tree.
    pub schemas: &'a Schemas,
    /// The schema's root.
    pub root: NodeId,
}

/// Who has to understand whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// New readers accept old events.
    #[default]
    Backward,
    /// Old readers accept new events.
    Forward,
    /// Both.
    Full,
}

impl Mode {
    /// The directions that the mode asks for.
    pub fn directions(self) -> &'static [Direction] {
        match self {
            Self::Backward => &[Direction::Backward],
            Self::Forward => &[Direction::Forward],
            Self::Full => &[Direction::Backward, Direction::Forward],
        }
    }
}

/// One question of containment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The old schema writes, the new one reads.
    Backward,
    /// The new schema writes, the old one reads.
    Forward,
}

/// Which documents a writer may send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContentModel {
    /// Those of its schema that hold only properties which the schema declares, but where it is a map.
    #[default]
    Declared,
    /// All that its schema accepts.
    Strict,
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Who has to understand whom.
    pub mode: Mode,
    /// Which documents a writer may send.
    pub content_model: ContentModel,
    /// Whether a reader survives an enum value that it does not know.
    pub open_enums: bool,
    /// JSON Pointers into the document at which values are not compared: stamps of the version.
    pub ignored: Vec<String>,
}

impl Options {
    /// What a namespace promises; `None` where it promises nothing.
    pub fn of(namespace: &Namespace) -> Option<Self> {
        let mode = match namespace.compatibility {
            Compatibility::Backward => Mode::Backward,
            Compatibility::Forward => Mode::Forward,
            Compatibility::Full => Mode::Full,
            Compatibility::None => return None,
        };
        let content_model = match namespace.content_model {
            config::ContentModel::Declared => ContentModel::Declared,
            config::ContentModel::Strict => ContentModel::Strict,
        };
        let open_enums = namespace.tolerance == Tolerance::OpenEnums;
        Some(Self { mode, content_model, open_enums, ignored: namespace.ignore_stamps.clone() })
    }
}

/// A place in a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// File, line and column.
    pub place: Place,
    /// JSON Pointer of the keyword, or of the schema, in its file.
    pub pointer: String,
}

/// One reason why a reader refuses documents of the writer.
#[derive(Debug, Clone)]
pub struct Break {
    /// The kind of change.
    pub rule: &'static Rule,
    /// Which question it answers.
    pub direction: Direction,
    /// Where the old schema speaks of the place, if it does.
    pub old: Option<Spot>,
    /// Where the new schema speaks of the place, if it does.
    pub new: Option<Spot>,
    /// What changed and what follows, in one sentence without a full stop.
    pub message: String,
    /// What to do.
    pub help: String,
    /// A document that the writer may send and the reader refuses.
    pub witness: Value,
    /// JSON Pointer into the witness: what the reader refuses.
    pub instance: String,
}

/// A question that found no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// Which question.
    pub direction: Direction,
    /// The keyword that could not be decided.
    pub keyword: String,
    /// JSON Pointer of the keyword in its file.
    pub pointer: String,
    /// Why.
    pub reason: String,
}

/// Everything that is known about a change.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The answer to what was asked.
    pub verdict: Verdict,
    /// The version step that the change needs.
    pub required_bump: Bump,
    /// Every independent reason for `Incompatible`.
    pub breaks: Vec<Break>,
    /// Data that the reader takes, and takes for something else: logical types that changed (Avro only). They need a new major.
    pub meaning: Vec<Break>,
    /// What could not be decided.
    pub undecided: Vec<Undecided>,
}

/// One comparison finds no more breaks than this.
const MOST_BREAKS: usize = 40;

/// Stack of a comparison's thread: schemas nest, and so do proofs.
const STACK: usize = 1 << 30;

impl Break {
    /// A short stable identity: the rule, the direction and both places in their schemas.
    pub fn fingerprint(&self) -> String {
        let pointer = |spot: &Option<Spot>| spot.as_ref().map_or("", |spot| spot.pointer.as_str()).to_owned();
        let direction = if self.direction == Direction::Backward { "backward" } else { "forward" };
        let identity = [self.rule.code, direction, &pointer(&self.old), &pointer(&self.new), &self.instance].join("\u{1f}");
        let digest = Sha256::digest(Value::from(identity).to_string());
        digest[..8].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }
}

/// Compares two versions of a schema.
///
/// ```
/// use eventc_compat::{Document, Options, Verdict, compare};
///
/// let old = Document::parse(r#"{"required": ["id"]}"#).expect("a schema");
/// let new = Document::parse(r#"{"required": ["id", "currency"]}"#).expect("a schema");
/// let comparison = compare(old.side(), new.side(), &Options::default());
/// assert_eq!(comparison.verdict, Verdict::Incompatible);
/// assert_eq!(comparison.breaks[0].rule.name, "property-required");
/// assert_eq!(comparison.breaks[0].witness, serde_json::json!({"id": ""}));
/// ```
pub fn compare(old: Side<'_>, new: Side<'_>, options: &Options) -> Comparison {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || compare_here(old, new, options));
        match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No further thread could be started: the work is done here.
            Err(_) => compare_here(old, new, options),
        }
    })
}

fn compare_here(old: Side<'_>, new: Side<'_>, options: &Options) -> Comparison {
    if let Some(comparison) = avro::compare(old, new, options) {
        return comparison;
    }
    let change = Question::of_change(old, new, &options.ignored);
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
    comparison.settle();
    if comparison.verdict == Verdict::Compatible {
        comparison.required_bump = additions(&change, old, new, options);
    }
    comparison
}

impl Comparison {
    /// Everything that a reviewer has to see: breaks, and data that are taken for something else.
    pub fn found(&self) -> impl Iterator<Item = &Break> {
        self.breaks.iter().chain(&self.meaning)
    }

    /// Draws the verdict from what was found; a compatible change needs no step yet.
    fn settle(&mut self) {
        self.verdict = match (self.breaks.is_empty(), self.undecided.is_empty()) {
            (false, _) => Verdict::Incompatible,
            (true, false) => Verdict::Undecided,
            (true, true) => Verdict::Compatible,
        };
        let same = self.verdict == Verdict::Compatible && self.meaning.is_empty();
        self.required_bump = if same { Bump::None } else { Bump::Major };
    }
}

/// The step that a compatible change needs: none where nothing changed, patch where only words did.
fn additions(change: &Question<'_>, old: Side<'_>, new: Side<'_>, options: &Options) -> Bump {
    let strict = Options { content_model: ContentModel::Strict, ignored: options.ignored.clone(), ..Options::default() };
    let within = |writer, reader| matches!(Question::new(writer, reader, &strict).ask(), Containment::Within);
    if change.is_unchanged() {
        return if confirm::whole(old) == confirm::whole(new) { Bump::None } else { Bump::Patch };
    }
    if change.declares_the_same() && within(old, new) && within(new, old) { Bump::Patch } else { Bump::Minor }
}

/// Answers one question, and goes on after each break as if it were mended, until nothing breaks any more.
fn decide(writer: Side<'_>, reader: Side<'_>, direction: Direction, options: &Options, comparison: &mut Comparison) {
    let mut question = Question::new(writer, reader, options);
    // Compiled once somebody has a witness to show.
    let validators = LazyCell::new(|| confirm::validator(writer).zip(confirm::validator(reader)));
    let first = comparison.breaks.len();
    while comparison.breaks.len() < first + MOST_BREAKS {
        let gaps = match question.ask() {
            Containment::Within => return,
            Containment::Unknown(gaps) => gaps,
            Containment::Escapes(witness) => {
                let proves = |document: &Value| {
                    question.judge(document) == (Some(true), Some(false))
                        && validators.as_ref().is_some_and(|(writer, reader)| writer.is_valid(document) && !reader.is_valid(document))
                };
                if proves(&witness) {
                    let witness = shrink::shrink(witness, proves);
                    let mut refusals = question.refusals(&witness);
                    let breaks = explain::explain(&mut question, direction, &witness, &refusals);
                    // Where the writer's object is open, one name speaks for all.
                    for (refusal, _) in refusals.iter_mut().zip(&breaks).filter(|(_, found)| *found.rule == rules::OBJECT_CLOSED) {
                        refusal.name = None;
                    }
                    comparison.breaks.extend(breaks);
                    if question.forgive(&refusals) {
                        continue;
                    }
                    return;
                }
                let reason = "a witness was found that the reference validator judges differently".to_owned();
                [formula::Gap { keyword: String::new(), pointer: String::new(), reason }].into()
            }
        };
        // What is left beside a break does not change the verdict.
        if comparison.breaks.len() == first {
            comparison.undecided.extend(gaps.into_iter().map(|gap| Undecided {
                direction,
                keyword: gap.keyword,
                pointer: gap.pointer,
                reason: gap.reason,
            }));
        }
        return;
    }
}
