//! Promises of a namespace: what releases keep, what writers send, and what readers survive.

use serde::{Deserialize, Serialize};

/// The promise that releases of one major keep to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Compatibility {
    /// New readers accept old events.
    #[default]
    Backward,
    /// Old readers accept new events.
    Forward,
    /// Both.
    Full,
    /// No promise.
    None,
}

/// The documents that a writer may send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ContentModel {
    /// Those of its schema that hold only properties which the schema declares, but where it is a map.
    #[default]
    Declared,
    /// All that its schema accepts.
    Strict,
}

/// The reading of `format`, which the specification leaves to those who use a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FormatReading {
    /// It says what a string is, and refuses none.
    Annotation,
    /// It refuses strings that are not what it says.
    Assertion,
}

/// The judge of patterns in generated code that engines which backtrack may take very long for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PatternEngine {
    /// An automaton that is made at generation; a pattern without one is an error.
    #[default]
    Automaton,
    /// The engine of each language, whatever time it takes.
    Native,
}

/// The tolerance of a reader: what it survives beyond its schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Tolerance {
    /// Nothing.
    #[default]
    None,
    /// Enum values that it does not know.
    OpenEnums,
}
