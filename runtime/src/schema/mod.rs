//! Validation schemas: exactly JSON Schema draft 2020-12, compiled once.
//!
//! [`plan`] reads the text of a plan into a tree of nodes, [`check`] asks of a value what a node asks, with [`number`],
//! [`equal`] and [`pattern`] for what needs care; [`report`] notes what is wrong, in the words of [`wording`].

#[cfg(feature = "json")]
mod check;
#[cfg(feature = "json")]
mod equal;
#[cfg(feature = "json")]
mod number;
#[cfg(feature = "json")]
mod pattern;
#[cfg(feature = "json")]
mod plan;
#[cfg(feature = "json")]
mod report;
#[cfg(feature = "json")]
mod seen;
#[cfg(feature = "json")]
mod wording;

use std::fmt;
#[cfg(feature = "json")]
use std::{collections::HashSet, sync::OnceLock};

#[cfg(feature = "json")]
use serde_json::Value;

#[cfg(feature = "json")]
pub(crate) use self::number::Decimal;
#[cfg(feature = "json")]
use self::{
    check::Scope,
    report::{Collector, Quiet},
};
#[cfg(feature = "json")]
use crate::{SchemaError, ValidationErrors, Violation};

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
///     r#"/children/1: property "children" is missing"#
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
    root: OnceLock<Result<plan::Node, SchemaError>>,
}

impl Schema {
    /// A schema from its plan, and the schemas that the names in it stand for. Statics may refer to each other and themselves.
    pub const fn new(plan: &'static str, refs: &'static [(&'static str, &'static Schema)]) -> Self {
        Self {
            plan,
            refs,
            #[cfg(feature = "json")]
            root: OnceLock::new(),
        }
    }

    /// The text of the plan.
    pub const fn plan(&self) -> &'static str {
        self.plan
    }

    /// The schemas that the names in the plan stand for.
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
        let root = match self.root() {
            Ok(root) => root,
            Err(error) => return Err(ValidationErrors(vec![Violation::of_schema(error)])),
        };
        let scope = Scope::new(self);
        if check::check(root, value, scope.context(), None, &mut Quiet) {
            return Ok(());
        }
        let mut collector = Collector::default();
        check::check(root, value, scope.context(), None, &mut collector);
        Err(ValidationErrors(collector.finish()))
    }

    /// Whether the schema accepts a document: [`validate`](Self::validate) without the words.
    pub fn is_valid(&'static self, value: &Value) -> bool {
        let scope = Scope::new(self);
        self.root().is_ok_and(|root| check::check(root, value, scope.context(), None, &mut Quiet))
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
                schema.root().map_err(Clone::clone)?;
                waiting.extend(schema.refs.iter().map(|(_, target)| *target));
            }
        }
        Ok(())
    }

    fn root(&'static self) -> Result<&'static plan::Node, &'static SchemaError> {
        self.root.get_or_init(|| plan::parse(self.plan, self.refs)).as_ref()
    }
}

/// Without what the names stand for: references go in circles.
impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("plan", &self.plan).finish_non_exhaustive()
    }
}
