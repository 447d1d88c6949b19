//! The settings of a comparison of two schemas, and its result.

use eventc_model::{
    config::{Compatibility, ContentModel, FormatReading, Namespace, Tolerance},
    diagnostic::{Bump, Place, Rule, Verdict},
    schema::{NodeId, Schemas},
    syntax::escape_pointer,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::rules;

/// A schema in its tree.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The tree.
    pub schemas: &'a Schemas,
    /// The schema's root.
    pub root: NodeId,
}

/// The direction in which two versions of a schema have to be compatible.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CompareMode {
    /// New readers accept old events.
    #[default]
    Backward,
    /// Old readers accept new events.
    Forward,
    /// Both directions.
    Full,
}

impl CompareMode {
    /// Returns the directions that the mode asks for.
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

/// Settings of a comparison.
#[derive(Debug, Clone, Default)]
pub struct CompareOptions {
    /// The direction in which two versions of a schema have to be compatible.
    pub mode: CompareMode,
    /// The documents that a writer may send.
    pub content_model: ContentModel,
    /// Whether a reader survives an enum value that it does not know.
    pub open_enums: bool,
    /// JSON Pointers into the document at which values are not compared: stamps of the version.
    pub ignored: Vec<String>,
    /// Schemas of the old and of the new version whose constants repeat the version: readers take those of the other version for their own.
    pub stamps: Vec<(NodeId, NodeId)>,
    /// The reading of `format`; without it an assertion, since a reader may take it as one.
    pub formats: Option<FormatReading>,
}

impl CompareOptions {
    /// Returns the settings that a namespace promises; `None` where it promises nothing.
    pub fn of(namespace: &Namespace) -> Option<Self> {
        let mode = match namespace.compatibility {
            Compatibility::Backward => CompareMode::Backward,
            Compatibility::Forward => CompareMode::Forward,
            Compatibility::Full => CompareMode::Full,
            Compatibility::None => return None,
        };
        Some(Self::in_mode(namespace, mode))
    }

    /// Returns the options for another promise than that of a namespace.
    pub fn in_mode(namespace: &Namespace, mode: CompareMode) -> Self {
        Self {
            mode,
            content_model: namespace.content_model,
            open_enums: namespace.tolerance == Tolerance::OpenEnums,
            ignored: namespace.ignore_stamps.clone(),
            formats: namespace.formats,
            ..Self::default()
        }
    }

    /// Returns whether a string must be what its `format` says.
    pub fn asserts_formats(&self) -> bool {
        self.formats != Some(FormatReading::Annotation)
    }
}

/// A place in a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaLocation {
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
    /// The direction that breaks.
    pub direction: Direction,
    /// The keyword of the old schema that speaks of the place, if one does.
    pub old: Option<SchemaLocation>,
    /// The keyword of the new schema that speaks of the place, if one does.
    pub new: Option<SchemaLocation>,
    /// The change and its consequence, in one sentence without a full stop.
    pub message: String,
    /// Advice on what to do.
    pub help: String,
    /// A document that the writer may send and the reader refuses.
    pub witness: Value,
    /// JSON Pointer into the witness: what the reader refuses.
    pub instance: String,
    /// The property that the reader refuses to miss there.
    pub missing: Option<String>,
}

/// A question that found no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The direction that is undecided.
    pub direction: Direction,
    /// The keyword that could not be decided.
    pub keyword: String,
    /// JSON Pointer of the keyword in its file.
    pub pointer: String,
    /// The place of the keyword, where one of the two schemas has it in its own file.
    pub place: Option<Place>,
    /// The reason.
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
    /// Data that the reader takes, and takes for something else: logical types that changed (Avro only). They are reasons too.
    pub meaning: Vec<Break>,
    /// The keywords that could not be decided.
    pub undecided: Vec<Undecided>,
}

impl Break {
    /// Returns the JSON Pointer into the witness of what the reader looks for: what it refuses, or the property that is missing.
    pub fn place(&self) -> String {
        let missing = self.missing.as_ref().map(|name| format!("/{}", escape_pointer(name)));
        format!("{}{}", self.instance, missing.unwrap_or_default())
    }

    /// Returns whether decoding refuses the document: its parts are none that the reader's types hold. Other breaks are of bounds, which
    /// validation alone asks for.
    pub fn is_structural(&self) -> bool {
        rules::STRUCTURAL.contains(&self.rule)
    }

    /// Returns a short stable identity: the rule, the direction and both places in their schemas.
    pub fn fingerprint(&self) -> String {
        let pointer = |spot: &Option<SchemaLocation>| spot.as_ref().map_or("", |spot| spot.pointer.as_str()).to_owned();
        let direction = if self.direction == Direction::Backward { "backward" } else { "forward" };
        let identity = [self.rule.code, direction, &pointer(&self.old), &pointer(&self.new), &self.instance].join("\u{1f}");
        let digest = Sha256::digest(Value::from(identity).to_string());
        digest[..8].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }
}

impl Comparison {
    /// Returns everything that a reviewer has to see: breaks, and data that are taken for something else.
    pub fn found(&self) -> impl Iterator<Item = &Break> {
        self.breaks.iter().chain(&self.meaning)
    }

    /// Returns what both comparisons of a change found.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.breaks.extend(other.breaks);
        self.meaning.extend(other.meaning);
        self.undecided.extend(other.undecided);
        let needed = self.required_bump.max(other.required_bump);
        self.conclude();
        self.required_bump = self.required_bump.max(needed);
        self
    }

    /// Returns the part of what was found that somebody is concerned by. A change that concerns nobody needs no step.
    #[must_use]
    pub fn of_concern(mut self, breaks: impl Fn(&Break) -> bool, undecided: impl Fn(&Undecided) -> bool) -> Self {
        self.breaks.retain(&breaks);
        self.meaning.retain(&breaks);
        self.undecided.retain(undecided);
        self.conclude();
        self
    }

    /// Draws the verdict from what was found; a compatible change needs no step yet.
    pub(crate) fn conclude(&mut self) {
        let is_sound = self.breaks.is_empty() && self.meaning.is_empty();
        self.verdict = match (is_sound, self.undecided.is_empty()) {
            (false, _) => Verdict::Incompatible,
            (true, false) => Verdict::Undecided,
            (true, true) => Verdict::Compatible,
        };
        self.required_bump = if self.verdict == Verdict::Compatible { Bump::None } else { Bump::Major };
    }
}
