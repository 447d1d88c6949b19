//! Errors between bytes and typed events.

use std::{error::Error, fmt};

use crate::ValidationErrors;

/// An error while a document is read as an event.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// The document is not JSON, or has not the shape of the type.
    Json {
        /// The topic, or the name of the type, that was expected.
        expected: &'static str,
        /// The cause, with line and column where the document was text. It names no value, since that may be sensitive.
        source: serde_json::Error,
    },
    /// The document is an event of a topic that the reader does not know.
    UnknownTopic {
        /// The topic that it names.
        topic: String,
    },
    /// The document names no topic, where one is needed to tell its type.
    NoTopic,
    /// The document is an event of another topic.
    WrongTopic {
        /// The topic that was expected.
        expected: &'static str,
        /// The topic that it names.
        found: String,
    },
    /// The document was validated, and breaks its schema.
    Invalid(ValidationErrors),
}

impl DecodeError {
    /// Returns the error of a topic that the reader does not know.
    #[must_use]
    pub fn unknown_topic(topic: &str) -> Self {
        Self::UnknownTopic { topic: topic.to_owned() }
    }

    /// Returns the same, of who expected a topic's event.
    pub(crate) fn expecting(self, topic: &'static str) -> Self {
        match self {
            Self::Json { source, .. } => Self::Json { expected: topic, source },
            other => other,
        }
    }

    /// Returns what serde_json found wrong, without the values that it quotes.
    pub(crate) fn json(expected: &'static str, source: &serde_json::Error) -> Self {
        Self::Json { expected, source: <serde_json::Error as serde::de::Error>::custom(without_values(&source.to_string())) }
    }
}

/// Returns a sentence of serde (`invalid type: string "secret", expected a map at line 1 column 9`) without the value in it.
fn without_values(sentence: &str) -> String {
    for start in ["invalid type: ", "invalid value: ", "unknown variant "] {
        let Some((before, after)) = sentence.split_once(start) else { continue };
        // What was expected comes last, whatever the value holds.
        let expected = after.rfind(", expected ").map_or("", |at| &after[at..]);
        let kind = after.split(['"', '`', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).next().unwrap_or_default();
        let kind = kind.split(", expected ").next().unwrap_or_default().trim_end();
        return format!("{before}{start}{kind}", start = if kind.is_empty() { start.trim_end() } else { start }) + expected;
    }
    sentence.to_owned()
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

/// An error while an event is written.
#[derive(Debug)]
#[non_exhaustive]
pub enum EncodeError {
    /// The event has no form in JSON: a map whose keys are no strings, or a number out of range.
    Json {
        /// The topic of the event.
        topic: &'static str,
        /// The cause.
        source: serde_json::Error,
    },
    /// The event breaks its schema.
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

/// An error that keeps a [`Schema`](crate::Schema) from judging anything: its plan was not made by `eventc`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaError {
    /// The plan is no JSON Schema.
    Plan {
        /// JSON Pointer into the plan.
        pointer: String,
        /// The reason.
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
        /// The reason.
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    enum Level {
        High,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only reading counts")]
    struct Order {
        #[serde(default)]
        id: u8,
        #[serde(default)]
        tags: Vec<String>,
        level: Option<Level>,
    }

    #[test]
    fn decode_errors_name_no_value() {
        for (document, expected) in [
            (r#"{"tags": "secret, expected \" x"}"#, "invalid type: string, expected a sequence at line 1 column 32"),
            (r#"{"id": "secret"}"#, "invalid type: string, expected u8 at line 1 column 15"),
            (r#"{"id": 4711}"#, "invalid value: integer, expected u8 at line 1 column 11"),
            (r#"{"id": -7}"#, "invalid value: integer, expected u8 at line 1 column 9"),
            (r#"{"tags": [null]}"#, "invalid type: null, expected a string at line 1 column 14"),
            (r#"{"tags": {}}"#, "invalid type: map, expected a sequence at line 1 column 9"),
            (r#"{"level": "secret"}"#, "unknown variant, expected `High` at line 1 column 18"),
            ("{", "EOF while parsing an object at line 1 column 1"),
        ] {
            let source = serde_json::from_str::<Order>(document).expect_err(document);
            let error = DecodeError::json("order", &source);
            assert_eq!(error.to_string(), format!("the document is no order: {expected}"));
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
            let DecodeError::Json { source: kept, .. } = error else { panic!("another error") };
            assert_eq!((kept.line(), kept.column()), (source.line(), source.column()));
        }
        assert!(matches!(serde_json::from_str::<Order>(r#"{"level": "High"}"#), Ok(Order { level: Some(Level::High), .. })));
    }
}
