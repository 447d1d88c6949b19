//! Validation schemas: exactly JSON Schema draft 2020-12, compiled once.
//!
//! A [`Schema`] holds what it is compiled to: the nodes of a [`plan`], and the [`steps`] of decoding. These are data, and know nothing
//! of those above: [`parse`] reads the text of a plan into nodes, [`check`] asks of a value what a node asks, with [`number`],
//! [`equal`] and [`pattern`] for what needs care, in the words of [`wording`], and [`stream`] compiles steps and decodes by them. Each
//! gives [`Schema`] its methods.

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
mod steps;
#[cfg(feature = "json")]
mod stream;
#[cfg(feature = "json")]
mod validate;
#[cfg(feature = "json")]
mod wording;

use std::fmt;
#[cfg(feature = "json")]
use std::sync::OnceLock;

#[cfg(feature = "json")]
pub(crate) use self::number::Decimal;
#[cfg(feature = "json")]
pub use self::stream::Cursor;
#[cfg(feature = "json")]
pub(crate) use self::stream::MemberCheck;
#[cfg(feature = "json")]
use self::{plan::PlanNode, steps::Steps};
#[cfg(feature = "json")]
use crate::SchemaError;

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
    nodes: OnceLock<Result<Vec<PlanNode>, SchemaError>>,
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
