//! The languages that generated code is judged in.

use std::{fmt::Debug, path::PathBuf};

use serde_json::{Map, Value};

use super::{Runtime, Style, Work, python::Python, rust::Rust, typescript::TypeScript};

/// A language that code is generated in, and how a package of it is built and asked.
pub trait Language: Debug + Sync {
    /// Returns the name that people use.
    fn name(&self) -> &'static str;

    /// Returns the target that makes its packages.
    fn target(&self) -> &'static str;

    /// Returns the options of a package that is built among others: a name of its own above all.
    fn placed(&self, name: &str, runtime: Runtime) -> Map<String, Value>;

    /// Returns the options that this repository does not use itself; `None` where there is no such choice.
    fn other_style(&self) -> Option<Map<String, Value>> {
        None
    }

    /// Returns the options under which no number loses a digit.
    fn exact_numbers(&self) -> Map<String, Value>;

    /// Returns the argument by which the program that asks a package judges the text of a document, where that is a choice.
    fn exact_argument(&self) -> Option<&'static str> {
        None
    }

    /// Returns whether a number that no double holds loses digits in any option.
    fn rounds(&self) -> bool {
        false
    }

    /// Builds packages in their strictest settings, as few runs as the tools allow.
    ///
    /// # Panics
    /// Where one does not build without a warning.
    fn build(&self, batch: &str, packages: &[Package]);

    /// Returns the program that asks a package, with its arguments.
    fn command(&self, batch: &str, package: &Package) -> Vec<PathBuf>;
}

/// A generated package of one language.
#[derive(Debug, Clone)]
pub struct Package {
    /// The subject that it belongs to.
    pub subject: String,
    /// The folder.
    pub folder: PathBuf,
    /// The options that it was made with.
    pub style: Style,
    /// The source of its runtime.
    pub runtime: Runtime,
    /// The work that is done on it.
    pub work: Work,
}

impl Package {
    /// Returns the name under which code imports the package; it is that of the subject.
    pub fn import(&self) -> String {
        import(&self.subject)
    }
}

/// Returns the name under which code imports what belongs to a subject.
pub(super) fn import(subject: &str) -> String {
    format!("eventc_{}", subject.replace('-', "_"))
}

/// Every language that code is judged in.
pub static LANGUAGES: &[&dyn Language] = &[&Rust, &TypeScript, &Python];

/// Returns the targets of all languages.
pub fn targets() -> Vec<String> {
    LANGUAGES.iter().map(|language| language.target().to_owned()).collect()
}
