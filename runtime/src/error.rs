//! What can go wrong between bytes and typed events.

use std::{error::Error, fmt};

use crate::ValidationErrors;

/// Why a document could not be read as an event.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// It is not JSON, or has not the shape of the type.
    Json {
        /// The topic, or the name of the type, that was expected.
        expected: &'static str,
        /// What is wrong, with line and column where the document was text.
        source: serde_json::Error,
    },
    /// It is an event of a topic that the reader does not know.
    UnknownTopic {
        /// The topic that it names.
        topic: String,
    },
    /// It names no topic, where one is needed to tell its type.
    NoTopic,
    /// It is an event of another topic.
    WrongTopic {
        /// The topic that was expected.
        expected: &'static str,
        /// The topic that it names.
        found: String,
    },
    /// It was validated, and breaks its schema.
    Invalid(ValidationErrors),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { expected: "", .. } => f.write_str("the document is not JSON"),
            Self::Json { expected, .. } => write!(f, "the document is no {expected}"),
            Self::UnknownTopic { topic } => write!(f, "topic {topic:?} is not known here"),
            Self::NoTopic => f.write_str("the document does not name its topic"),
            Self::WrongTopic { expected, found } => write!(f, "the document belongs to topic {found:?}, not to {expected:?}"),
            Self::Invalid(_) => f.write_str("the document breaks its schema"),
        }?;
        // Callers log an error with one `{}` more often than they walk its sources.
        match self {
            Self::Json { source, .. } => write!(f, ": {source}"),
            Self::Invalid(errors) => write!(f, ": {errors}"),
            _ => Ok(()),
        }
    }
}

impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json { source, .. } => Some(source),
            Self::Invalid(errors) => Some(errors),
            _ => None,
        }
    }
}

impl From<ValidationErrors> for DecodeError {
    fn from(errors: ValidationErrors) -> Self {
        Self::Invalid(errors)
    }
}

/// Why an event could not be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum EncodeError {
    /// It has no form in JSON: a map whose keys are no strings, or a number out of range.
    Json {
        /// The topic of the event.
        topic: &'static str,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// It breaks its schema.
    Invalid(ValidationErrors),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { topic, source } => write!(f, "the event of {topic} has no form in JSON: {source}"),
            Self::Invalid(errors) => errors.fmt(f),
        }
    }
}

impl Error for EncodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json { source, .. } => Some(source),
            Self::Invalid(errors) => Some(errors),
        }
    }
}

impl From<ValidationErrors> for EncodeError {
    fn from(errors: ValidationErrors) -> Self {
        Self::Invalid(errors)
    }
}

/// Why a [`Schema`](crate::Schema) cannot judge anything: its plan was not made by `eventc`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaError {
    /// The plan is no JSON Schema.
    Plan {
        /// JSON Pointer into the plan.
        pointer: String,
        /// What is wrong there.
        reason: String,
    },
    /// The plan refers to a name that stands for nothing.
    UnknownName {
        /// JSON Pointer into the plan.
        pointer: String,
        /// The name.
        name: String,
    },
    /// A pattern is no regular expression of ECMA-262.
    Pattern {
        /// JSON Pointer into the plan.
        pointer: String,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan { pointer, reason } => write!(f, "the plan is broken at {pointer:?}: {reason}"),
            Self::UnknownName { pointer, name } => write!(f, "the plan refers at {pointer:?} to {name:?}, which stands for nothing"),
            Self::Pattern { pointer, pattern, reason } => {
                write!(f, "the plan has at {pointer:?} the pattern {pattern:?}, which is no regular expression: {reason}")
            }
        }
    }
}

impl Error for SchemaError {}
