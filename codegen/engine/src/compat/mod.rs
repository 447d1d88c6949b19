//! Whether every document of a writer is accepted by a reader: two schemas to one [`Comparison`].
//!
//! A definite answer is a proof: `Compatible` says that no document exists which the writer may send and the reader refuses,
//! `Incompatible` shows one, confirmed by validating it under both schemas. What is neither proved nor refuted is `Undecided`.

use eventc_model::{
    diagnostic::{Place, Rule},
    schema::{NodeId, Schemas},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Proved: the reader accepts every document of the writer.
    Compatible,
    /// Refuted: each break has a witness.
    Incompatible,
    /// Neither.
    Undecided,
}

/// The least step of the version that a change needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing changed.
    #[default]
    None,
    /// Annotations changed.
    Patch,
    /// The set of documents changed, and the promise holds.
    Minor,
    /// The promise is broken, or not known to hold.
    Major,
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
    /// What could not be decided.
    pub undecided: Vec<Undecided>,
}

impl Break {
    /// A short stable identity: the rule, the direction and both pointers.
    pub fn fingerprint(&self) -> String {
        todo!()
    }
}

/// Compares two versions of a schema.
pub fn compare(old: Side<'_>, new: Side<'_>, options: &Options) -> Comparison {
    let _ = (old, new, options);
    todo!()
}
