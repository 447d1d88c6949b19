//! Violations: what is wrong with a document, for people and for programs.

use std::{error::Error, fmt, slice, vec};

/// A place of a document that breaks its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// JSON Pointer into the document.
    pub pointer: String,
    /// The keyword that it breaks; where a schema is `false`, the keyword that leads to it. `schema` where the schema is unusable,
    /// `depth` where the document is nested too deeply to be judged.
    pub keyword: &'static str,
    /// The place of the keyword: JSON Pointer into the plan, after `#`; before it the name that led to that plan.
    pub schema: String,
    /// The value found, as JSON; shortened if long, and withheld if sensitive.
    pub found: String,
    /// A sentence: what is asked. Every language that eventc generates says the same.
    pub message: String,
}

impl Violation {
    /// Creates a violation of the document or its schema as wholes.
    pub(crate) fn of_all(keyword: &'static str, message: String) -> Self {
        Self { pointer: String::new(), keyword, schema: "#".to_owned(), found: String::new(), message }
    }
}

/// The pointer, the sentence, and what was found.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        write!(f, "{place}: {}", self.message)?;
        if self.found.is_empty() { Ok(()) } else { write!(f, ", found {}", self.found) }
    }
}

/// All that is wrong with a document; at least one violation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationErrors(pub(crate) Vec<Violation>);

impl ValidationErrors {
    /// Returns the violations, in the order of the schema's keywords.
    pub fn iter(&self) -> slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// Returns how many there are.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the violations as a slice.
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// Returns the same, of a document that stands at `pointer` in another.
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
