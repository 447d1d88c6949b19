//! The options of `[targets.python]`.

use std::collections::BTreeSet;

use eventc_model::{
    config::Config,
    diagnostic::{self, Diagnostic},
    types::ValueFormat,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// The options under `[targets.python]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PythonOptions {
    /// Import name of the package. Default `events`.
    pub package: String,
    /// Name of the distribution. Default: the import name with hyphens.
    pub name: Option<String>,
    /// Version of the distribution. Default `0.1.0`.
    pub version: String,
    /// The library of models. Default pydantic.
    pub models: Models,
    /// Formats whose strings have a type of their own: a `str` that reads its text with the standard library. Default: none.
    pub formats: BTreeSet<Typed>,
    /// The type of numbers. Default `float`.
    pub numbers: Numbers,
}

/// A format whose strings may have a type of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Typed {
    /// `DateTime`, which reads a `datetime`.
    DateTime,
    /// `Date`, which reads a `date`.
    Date,
    /// `Time`, which reads a `time`.
    Time,
    /// `Duration`, which reads a `timedelta`.
    Duration,
    /// `Uuid`, which reads a `UUID`.
    Uuid,
    /// `Uri`, which reads the parts of a URI; for `iri` too.
    Uri,
    /// `Email`, which reads an `Address`.
    Email,
    /// `Ipv4`, which reads an `IPv4Address`.
    Ipv4,
    /// `Ipv6`, which reads an `IPv6Address`.
    Ipv6,
    /// `Bytes`, which reads base64; for the content encoding base64 too.
    Byte,
}

/// The type of numbers that are no integers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "PythonNumbers")]
#[serde(rename_all = "lowercase")]
pub enum Numbers {
    /// `int | float`.
    #[default]
    Float,
    /// `int | Decimal`, with all digits.
    Decimal,
}

/// The library of models.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Models {
    /// pydantic v2.
    #[default]
    Pydantic,
    /// msgspec.
    Msgspec,
}

impl Default for PythonOptions {
    fn default() -> Self {
        Self {
            package: "events".into(),
            name: None,
            version: "0.1.0".into(),
            models: Models::default(),
            formats: BTreeSet::new(),
            numbers: Numbers::default(),
        }
    }
}

impl PythonOptions {
    /// Reads and checks the options.
    pub(super) fn read(config: &Config) -> Result<Self, Vec<Diagnostic>> {
        let options: Self = config.target("python")?;
        let mut problems = Vec::new();
        let mut refuse = |key: &str, message: String, help: &str| {
            let pointer = format!("/targets/python/{key}");
            problems.push(Diagnostic::new(&diagnostic::BAD_CONFIG, config.place(&pointer), message).pointer(pointer).help(help));
        };
        let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_lowercase());
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !starts(&options.package) || !options.package.chars().all(word) || super::names::module(&options.package) != options.package {
            refuse(
                "package",
                format!("{:?} cannot be imported", options.package),
                "use a Python name in small letters, such as company_events",
            );
        }
        if let Some(name) = &options.name {
            let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            let ends = |c: char| c.is_ascii_alphanumeric();
            if !(name.starts_with(ends) && name.ends_with(ends) && name.chars().all(good)) {
                refuse(
                    "name",
                    format!("{name:?} is no name of a distribution"),
                    "use letters, digits, hyphens and dots, such as company-events",
                );
            }
        }
        let version = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '!');
        if !options.version.starts_with(|c: char| c.is_ascii_digit()) || !options.version.chars().all(version) {
            refuse("version", format!("{:?} is no version", options.version), "use a version as PEP 440 has it, such as 1.4.0");
        }
        if problems.is_empty() { Ok(options) } else { Err(problems) }
    }

    /// Returns the class for a format, where its strings have one.
    pub(super) fn class(&self, format: ValueFormat) -> Option<&'static str> {
        let (typed, class) = match format {
            ValueFormat::DateTime => (Typed::DateTime, "DateTime"),
            ValueFormat::Date => (Typed::Date, "Date"),
            ValueFormat::Time => (Typed::Time, "Time"),
            ValueFormat::Duration => (Typed::Duration, "Duration"),
            ValueFormat::Uuid => (Typed::Uuid, "Uuid"),
            ValueFormat::Uri => (Typed::Uri, "Uri"),
            ValueFormat::Email => (Typed::Email, "Email"),
            ValueFormat::Ipv4 => (Typed::Ipv4, "Ipv4"),
            ValueFormat::Ipv6 => (Typed::Ipv6, "Ipv6"),
            ValueFormat::Byte => (Typed::Byte, "Bytes"),
            ValueFormat::Hostname | ValueFormat::UriReference | ValueFormat::Regex | ValueFormat::JsonPointer => return None,
        };
        self.formats.contains(&typed).then_some(class)
    }

    /// Returns the name of the distribution.
    pub(super) fn distribution(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.package.trim_end_matches('_').replace('_', "-"))
    }
}
