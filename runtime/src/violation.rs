//! What is wrong with a document, for people and for programs.

use std::{error::Error, fmt, slice, vec};

use crate::SchemaError;

/// A place of a document that breaks its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// JSON Pointer into the document.
    pub pointer: String,
    /// The keyword that it breaks; `false` where the schema accepts nothing.
    pub keyword: &'static str,
    /// Where the keyword stands: JSON Pointer into the plan, after `#`; before it the name that led to that plan.
    pub schema: String,
    /// The value found, as JSON; shortened if long, and withheld if sensitive.
    pub found: String,
    /// A sentence: what was found, and what is asked.
    pub message: String,
}

impl Violation {
    /// A schema that cannot judge anything, so that nothing passes unjudged.
    pub(crate) fn of_schema(error: &SchemaError) -> Self {
        Self {
            pointer: String::new(),
            keyword: "schema",
            schema: "#".to_owned(),
            found: String::new(),
            message: format!("its schema is unusable: {error}"),
        }
    }
}

/// The pointer and the sentence.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        write!(f, "{place}: {}", self.message)
    }
}

/// All that is wrong with a document; at least one violation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationErrors(pub(crate) Vec<Violation>);

impl ValidationErrors {
    /// The violations, in the order of the schema's keywords.
    pub fn iter(&self) -> slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// As a list.
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// The same, of a document that stands at `pointer` in another.
    #[must_use]
    pub fn below(mut self, pointer: &str) -> Self {
        for violation in &mut self.0 {
            violation.pointer.insert_str(0, pointer);
        }
        self
    }
}

/// A line for each violation.
impl fmt::Display for ValidationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}

impl Error for ValidationErrors {}

impl<'a> IntoIterator for &'a ValidationErrors {
    type Item = &'a Violation;
    type IntoIter = slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for ValidationErrors {
    type Item = Violation;
    type IntoIter = vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
