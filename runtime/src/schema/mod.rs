//! Validation schemas: exactly JSON Schema draft 2020-12, compiled once.
//!
//! [`parse`] reads the text of a plan into the nodes of [`plan`], [`check`] asks of a value what a node asks, with [`number`],
//! [`equal`] and [`pattern`] for what needs care; [`report`] notes what is wrong, in the words of [`wording`].

#[cfg(feature = "json")]
mod check;
#[cfg(feature = "json")]
mod equal;
#[cfg(feature = "json")]
mod evaluated;
#[cfg(feature = "json")]
mod number;
#[cfg(feature = "json")]
mod parse;
#[cfg(feature = "json")]
mod pattern;
#[cfg(feature = "json")]
mod plan;
#[cfg(feature = "json")]
mod report;
#[cfg(feature = "json")]
mod stream;
#[cfg(feature = "json")]
mod wording;

use std::fmt;
#[cfg(feature = "json")]
use std::{collections::HashSet, sync::OnceLock};

#[cfg(feature = "json")]
use serde::Deserialize;
#[cfg(feature = "json")]
use serde_json::Value;

#[cfg(feature = "json")]
pub(crate) use self::number::Decimal;
#[cfg(feature = "json")]
pub use self::stream::Cursor;
#[cfg(feature = "json")]
pub(crate) use self::stream::{MemberCheck, Skip};
#[cfg(feature = "json")]
use self::{
    check::{Outcome, check_root},
    plan::Node,
    report::{Collector, Quiet},
    stream::Steps,
};
#[cfg(feature = "json")]
use crate::{DecodeError, SchemaError, ValidationErrors, Violation};

/// A validation schema: a plan and what the names in it mean. Compiled when it is first used.
///
/// A plan is a JSON Schema of draft 2020-12 without annotations, but that its `$ref`s hold names:
///
/// ```
/// use eventc::Schema;
///
/// static TREE: Schema = Schema::new(
///     r#"{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"Tree"}}},"required":["children"]}"#,
///     &[("Tree", &TREE)],
/// );
/// # #[cfg(feature = "json")] {
/// use serde_json::json;
///
/// assert!(TREE.validate(&json!({"children": [{"children": []}]})).is_ok());
/// assert_eq!(
///     TREE.validate(&json!({"children": [{"children": []}, {}]})).unwrap_err().to_string(),
///     r#"/children/1: must have the property "children", found an object of 0 properties"#
/// );
/// # }
/// ```
///
/// A name that begins with `#` says that the schema belongs to a resource with that `$dynamicAnchor`, and what the anchor stands
/// for there: `{"$dynamicRef": "Tree", "anchor": "node"}` means the `#node` of the outermost schema on the way that has one, and
/// `Tree` where none has.
pub struct Schema {
    plan: &'static str,
    refs: &'static [(&'static str, &'static Schema)],
    #[cfg(feature = "json")]
    nodes: OnceLock<Result<Vec<Node>, SchemaError>>,
    #[cfg(feature = "json")]
    steps: OnceLock<Steps>,
    /// The steps of an envelope around it.
    #[cfg(feature = "json")]
    enveloped: OnceLock<Enveloped>,
}

/// The steps of an envelope with a payload at its place.
#[cfg(feature = "json")]
struct Enveloped {
    envelope: &'static Schema,
    place: &'static str,
    steps: Steps,
}

impl Schema {
    /// Creates a schema from its plan, and the schemas that the names in it stand for. Statics may refer to each other and
    /// themselves.
    pub const fn new(plan: &'static str, refs: &'static [(&'static str, &'static Schema)]) -> Self {
        Self {
            plan,
            refs,
            #[cfg(feature = "json")]
            nodes: OnceLock::new(),
            #[cfg(feature = "json")]
            steps: OnceLock::new(),
            #[cfg(feature = "json")]
            enveloped: OnceLock::new(),
        }
    }

    /// Returns the text of the plan.
    pub const fn plan(&self) -> &'static str {
        self.plan
    }

    /// Returns the schemas that the names in the plan stand for.
    pub const fn refs(&self) -> &'static [(&'static str, &'static Self)] {
        self.refs
    }
}

#[cfg(feature = "json")]
impl Schema {
    /// Asks of a document what the schema asks.
    ///
    /// # Errors
    /// With all that is wrong with it. A schema that is unusable (see [`compile`](Self::compile)) accepts nothing.
    pub fn validate(&'static self, value: &Value) -> Result<(), ValidationErrors> {
        let whole = |keyword, message| Err(ValidationErrors(vec![Violation::of_all(keyword, message)]));
        let nodes = match self.nodes() {
            Ok(nodes) => nodes,
            Err(error) => return whole("schema", format!("its schema is unusable: {error}")),
        };
        match check_root(self, nodes, value, &mut Quiet) {
            Outcome::Accepted => Ok(()),
            Outcome::Undecided => whole("depth", wording::too_deep()),
            Outcome::Refused => {
                let mut collector = Collector::default();
                check_root(self, nodes, value, &mut collector);
                Err(ValidationErrors(collector.finish()))
            }
        }
    }

    /// Returns whether the schema accepts a document: [`validate`](Self::validate) without the words.
    pub fn is_valid(&'static self, value: &Value) -> bool {
        self.nodes().is_ok_and(|nodes| check_root(self, nodes, value, &mut Quiet) == Outcome::Accepted)
    }

    /// Decodes a document and asks of it what the schema asks, in one pass: what [`validate`](Self::validate) accepts, as any type that
    /// serde reads. The type is free to be more tolerant than the schema.
    ///
    /// ```
    /// use eventc::{DecodeError, Schema};
    ///
    /// static LEVEL: Schema = Schema::new(r#"{"type":"object","additionalProperties":{"type":"integer","maximum":9}}"#, &[]);
    ///
    /// type Levels = std::collections::BTreeMap<String, u8>;
    /// assert_eq!(LEVEL.decode::<Levels>(br#"{"a":7}"#).unwrap()["a"], 7);
    /// let Err(DecodeError::Invalid(errors)) = LEVEL.decode::<Levels>(br#"{"a":12,"b":"?"}"#) else { panic!("it is valid") };
    /// assert_eq!(errors.to_string(), "/a: must be at most 9, found 12\n/b: must be an integer, found \"?\"");
    /// ```
    ///
    /// # Errors
    /// [`DecodeError::Json`] if it is not JSON, [`DecodeError::Invalid`] with all that is wrong with it; and [`DecodeError::Json`] if it is
    /// valid, and has not the shape of the type.
    pub fn decode<'de, T: Deserialize<'de>>(&'static self, json: &'de [u8]) -> Result<T, DecodeError> {
        if let Some(value) = stream::read(self.steps(), json) {
            return Ok(value);
        }
        let value = serde_json::from_slice::<Value>(json).map_err(|source| DecodeError::json("", &source))?;
        self.validate(&value)?;
        self.read_judged(json).map_err(|source| DecodeError::json("", &source))
    }

    /// Reads a document that was judged before.
    pub(crate) fn read_judged<'de, T: Deserialize<'de>>(&'static self, json: &'de [u8]) -> serde_json::Result<T> {
        stream::read_judged(self.steps(), json)
    }

    /// Reads an event that this schema and that of its envelope accept; `None` where they do not, or it takes more than one pass to say.
    pub(crate) fn read_enveloped<'de, T: Deserialize<'de>>(
        &'static self,
        envelope: &'static Self,
        place: &'static str,
        json: &'de [u8],
    ) -> Option<T> {
        if place.is_empty() {
            return stream::read(self.steps(), json);
        }
        let steps = || Enveloped { envelope, place, steps: stream::compile(envelope, Some((place, self))) };
        let known = self.enveloped.get_or_init(steps);
        let is_same = std::ptr::eq(known.envelope, envelope) && known.place == place;
        if is_same { stream::read(&known.steps, json) } else { None }
    }

    #[inline]
    fn steps(&'static self) -> &'static Steps {
        self.steps.get_or_init(|| stream::compile(self, None))
    }

    /// Compiles this schema and all that it refers to, which is otherwise done when they are first used.
    ///
    /// # Errors
    /// With the first that is unusable, which no schema is that `eventc` made.
    pub fn compile(&'static self) -> Result<(), SchemaError> {
        let mut waiting = vec![self];
        let mut done: HashSet<*const Self> = HashSet::new();
        while let Some(schema) = waiting.pop() {
            if done.insert(schema) {
                schema.nodes().map_err(Clone::clone)?;
                waiting.extend(schema.refs.iter().map(|(_, target)| *target));
            }
        }
        Ok(())
    }

    fn nodes(&'static self) -> Result<&'static [Node], &'static SchemaError> {
        self.nodes.get_or_init(|| parse::parse(self.plan, self.refs)).as_deref()
    }
}

/// Shows a schema without what the names stand for: references go in circles.
impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("plan", &self.plan).finish_non_exhaustive()
    }
}

/// Returns whether a pattern can be enforced, as every pattern can that the compiler puts in a plan.
#[cfg(feature = "json")]
pub fn is_pattern(source: &str) -> bool {
    pattern::Pattern::new(source).is_ok()
}
