//! Options of the Rust output.

use std::fmt;

use eventc_model::{
    config::Config,
    diagnostic::{self, Diagnostic},
};
use serde::{Deserialize, Serialize};

use crate::Formats;

/// The options under `[targets.rust]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RustOptions {
    /// Name of the package. Default `events`.
    pub package: String,
    /// Version of the package. Default `0.1.0`.
    pub version: String,
    /// The source of the runtime crate. Without it, a copy is placed beside the sources.
    pub runtime: Option<Runtime>,
    /// Whether the code may stand in any module of another crate, instead of at a crate's root: then paths in it begin with `super`.
    /// Default false.
    pub movable: bool,
    /// Types of strings with a format.
    pub formats: Formats,
    /// Types of integers whose bounds the schema does not state. Default `native`: 64 bits.
    pub integers: Numbers,
    /// Types of numbers. Default `native`: `f64`.
    pub numbers: Numbers,
}

impl Default for RustOptions {
    fn default() -> Self {
        Self {
            package: "events".into(),
            version: "0.1.0".into(),
            runtime: None,
            movable: false,
            formats: Formats::default(),
            integers: Numbers::Native,
            numbers: Numbers::Native,
        }
    }
}

/// Types of numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Numbers {
    /// The types of the language: `i64`, `u64`, `i128`, `f64`.
    #[default]
    Native,
    /// `eventc::Integer` and `eventc::Number`, which hold any number of JSON.
    Exact,
}

/// The source of the runtime crate `eventc`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Runtime {
    /// A folder, from the package's own.
    pub path: Option<String>,
    /// A version requirement.
    pub version: Option<String>,
}

/// An option that Cargo would not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionsError {
    /// The package's name.
    Package,
    /// The package's version.
    Version,
    /// The runtime has neither a path nor a version.
    Runtime,
}

impl OptionsError {
    /// Returns the option's JSON Pointer below the target.
    pub fn pointer(self) -> &'static str {
        match self {
            Self::Package => "/package",
            Self::Version => "/version",
            Self::Runtime => "/runtime",
        }
    }
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Package => "a package name begins with a letter and has letters, digits, `-` and `_` alone",
            Self::Version => "a package version has three numbers, such as 1.2.0",
            Self::Runtime => "the runtime needs a path or a version",
        })
    }
}

impl std::error::Error for OptionsError {}

impl RustOptions {
    /// Returns the features of the runtime that the types need, sorted.
    pub fn features(&self) -> Vec<&'static str> {
        let mut features = self.formats.features();
        if self.integers == Numbers::Exact || self.numbers == Numbers::Exact {
            features.push("exact");
        }
        features.sort_unstable();
        features
    }

    /// Reads the options from `[targets.rust]`.
    ///
    /// # Errors
    /// Every unknown key and bad value, at its place.
    pub fn read(config: &Config) -> Result<Self, Vec<Diagnostic>> {
        let options: Self = config.target("rust")?;
        let problem = |problem: OptionsError| {
            let pointer = format!("/targets/rust{}", problem.pointer());
            Diagnostic::new(&diagnostic::BAD_CONFIG, config.place(&pointer), problem.to_string()).pointer(pointer)
        };
        let problems: Vec<Diagnostic> = options.problems().into_iter().map(problem).collect();
        if problems.is_empty() { Ok(options) } else { Err(problems) }
    }

    /// Returns everything that is wrong with the options.
    pub fn problems(&self) -> Vec<OptionsError> {
        let mut problems = Vec::new();
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !self.package.starts_with(|c: char| c.is_ascii_alphabetic()) || !self.package.chars().all(word) {
            problems.push(OptionsError::Package);
        }
        let numbers = self.version.split(['-', '+']).next().unwrap_or_default();
        let parts: Vec<&str> = numbers.split('.').collect();
        let plain = |text: &str| text.chars().all(|c| word(c) || c == '.' || c == '+');
        if parts.len() != 3 || parts.iter().any(|part| part.parse::<u64>().is_err()) || !plain(&self.version) {
            problems.push(OptionsError::Version);
        }
        if self.runtime.as_ref().is_some_and(|runtime| runtime.path.is_none() && runtime.version.is_none()) {
            problems.push(OptionsError::Runtime);
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_cargo_would_refuse_are_named() {
        let bad = RustOptions { package: "1 x".into(), version: "1".into(), runtime: Some(Runtime::default()), ..RustOptions::default() };
        assert_eq!(bad.problems(), [OptionsError::Package, OptionsError::Version, OptionsError::Runtime]);
        assert!(RustOptions::default().problems().is_empty());
    }
}
