//! Texts with references to variables of the process and to files, which live commands alone resolve.

use std::fmt;

use crate::{decode::HELP, written::written};

/// A text with references, kept as it was written: `${NAME}` is a variable of the process, `${NAME:-default}` one with a default for where
/// it is unset or empty, and `${file:PATH}` the text of a file. Nothing is looked up before [`resolve`](Self::resolve) is called.
///
/// ```
/// use eventc_model::config::Interpolated;
///
/// let url = Interpolated::parse("amqp://app:${AMQP_PASSWORD}@${AMQP_HOST:-localhost}").expect("a text");
/// let variable = |name: &str| (name == "AMQP_PASSWORD").then(|| "hush".to_owned());
/// assert_eq!(url.resolve(variable, |_| Err("no file".into())).as_deref(), Ok("amqp://app:hush@localhost"));
/// assert_eq!(url.without_variables(), "amqp://app:{AMQP_PASSWORD}@localhost");
/// assert_eq!(url.to_string(), "amqp://app:${AMQP_PASSWORD}@${AMQP_HOST:-localhost}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpolated {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Variable { name: String, default: Option<String> },
    File(String),
}

/// The reason why a text has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// The variable of this name is unset or empty, and the text has no default for it.
    Variable(String),
    /// A file cannot be read.
    File {
        /// Its path, as it was written.
        path: String,
        /// The reason.
        reason: String,
    },
}

impl Interpolated {
    /// Reads a text.
    ///
    /// # Errors
    /// With a sentence that says which reference is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((literal, reference)) = rest.split_once("${") {
            let Some((inner, after)) = reference.split_once('}') else {
                return Err(format!("a reference has no end{HELP}close it with `}}`, as in ${{NAME}}"));
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            parts.push(Part::parse(inner)?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// Returns the text with the value of each reference, from what looks variables up and what reads files. Of a file the white space at
    /// the end is left out.
    ///
    /// # Errors
    /// The first reference without a value.
    pub fn resolve(
        &self,
        variable: impl Fn(&str) -> Option<String>,
        file: impl Fn(&str) -> Result<String, String>,
    ) -> Result<String, Unresolved> {
        let mut resolved = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => resolved.push_str(literal),
                Part::Variable { name, default } => {
                    let value = variable(name).filter(|value| !value.is_empty()).or_else(|| default.clone());
                    resolved.push_str(&value.ok_or_else(|| Unresolved::Variable(name.clone()))?);
                }
                Part::File(path) => {
                    let text = file(path).map_err(|reason| Unresolved::File { path: path.clone(), reason })?;
                    resolved.push_str(text.trim_end());
                }
            }
        }
        Ok(resolved)
    }

    /// Returns the text for documents: with the default of each variable, and its name in braces where it has none.
    pub fn without_variables(&self) -> String {
        self.filled(|name| format!("{{{name}}}"))
    }

    /// Returns the names of variables without a default, in order.
    pub fn open_variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable { name, default: None } => Some(name.as_str()),
            _ => None,
        })
    }

    /// Returns the text with its literals and defaults, and something else for each reference that has none.
    pub(super) fn filled(&self, other: impl Fn(&str) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Literal(text) | Part::Variable { default: Some(text), .. } => text.clone(),
            Part::Variable { name, default: None } | Part::File(name) => other(name),
        };
        self.parts.iter().map(part).collect()
    }
}

impl Part {
    fn parse(inner: &str) -> Result<Self, String> {
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default.to_owned())),
            None => match inner.strip_prefix("file:") {
                Some("") => {
                    return Err(format!("a reference to a file names none{HELP}write its path, as in ${{file:/run/secrets/kafka}}"));
                }
                Some(path) => return Ok(Self::File(path.to_owned())),
                None => (inner, None),
            },
        };
        let is_name = !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() || !is_name || default.as_deref().is_some_and(|default| default.contains("${")) {
            return Err(format!("`${{{inner}}}` is no reference{HELP}write ${{NAME}}, ${{NAME:-default}} or ${{file:PATH}}"));
        }
        Ok(Self::Variable { name: name.to_owned(), default })
    }
}

impl fmt::Display for Interpolated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "the variable {name} is not set"),
            Self::File { path, reason } => write!(f, "{path:?} cannot be read: {reason}"),
        }
    }
}

impl std::error::Error for Unresolved {}

written!(Interpolated, Interpolated::parse);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_reference_is_told() {
        for text in ["${", "${}", "${A", "${A-B}", "${1A}", "${A:-${B}}", "${file:}", "${A B}"] {
            assert!(Interpolated::parse(text).is_err(), "{text}");
        }
        for text in ["", "$", "{A}", "$A", "a$", "${A}${B}", "${A:-}", "${_a1:-x:y@z}", "${file:/a b/c}"] {
            assert_eq!(Interpolated::parse(text).map(|text| text.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn references_are_looked_up_when_asked() {
        let text = Interpolated::parse("${A:-a}-${B}-${file:f}").expect("a text");
        let set = |set: &'static [(&str, &str)]| {
            move |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let file = |path: &str| Ok(format!("<{path}>\n"));
        assert_eq!(text.resolve(set(&[("A", ""), ("B", "b")]), file).as_deref(), Ok("a-b-<f>"));
        assert_eq!(text.resolve(set(&[("A", "1"), ("B", "2")]), file).as_deref(), Ok("1-2-<f>"));
        assert_eq!(text.resolve(set(&[]), file), Err(Unresolved::Variable("B".into())));
        let unreadable = text.resolve(set(&[("B", "b")]), |_| Err("gone".to_owned())).expect_err("no file");
        assert_eq!(unreadable.to_string(), "\"f\" cannot be read: gone");
        assert_eq!(text.open_variables().collect::<Vec<_>>(), ["B"]);
    }
}
