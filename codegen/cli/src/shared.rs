//! The arguments that every command takes.

use std::path::PathBuf;

use clap::ValueEnum;
use eventc_codegen::project::{Inputs, OpenError};
use eventc_model::{config::FormatReading, schema::Dialect};

#[derive(Debug, clap::Args)]
pub(crate) struct SharedArgs {
    /// The configuration file; otherwise the nearest eventc.toml in this folder or above
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// When to use colour; `auto` obeys NO_COLOR and looks whether the output is a terminal
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto, value_name = "WHEN")]
    pub(crate) color: ColorWhen,

    /// Tell each finding by itself, also where many have one cause
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) customs: TreeArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

/// Options for a tree that was written for other tools.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TreeArgs {
    /// The files of this URL, and of all that begin with it, are in this folder; may be repeated
    #[arg(long, global = true, value_name = "URL=DIR", value_parser = mapping)]
    map: Vec<(String, PathBuf)>,

    /// The dialect of schemas without `$schema`: draft-04, draft-06, draft-07, 2019-09 or 2020-12; otherwise their keywords tell
    #[arg(long, global = true, value_name = "DIALECT", value_parser = dialect)]
    dialect: Option<Dialect>,

    /// What `format` is for all who judge: annotation or assertion; otherwise what the namespace says
    #[arg(long, global = true, value_name = "READING", value_parser = formats)]
    formats: Option<FormatReading>,
}

impl TreeArgs {
    /// States them for a project that is about to be opened.
    ///
    /// # Errors
    /// Where there is no such folder.
    pub(crate) fn state(&self, inputs: &mut Inputs) -> Result<(), OpenError> {
        if let Some(dialect) = self.dialect {
            inputs.speak(dialect);
        }
        if let Some(formats) = self.formats {
            inputs.take_formats_as(formats);
        }
        inputs.map(&self.map)
    }

    /// Returns the reading of `format` that they state.
    pub(crate) fn formats(&self) -> Option<FormatReading> {
        self.formats
    }
}

fn mapping(text: &str) -> Result<(String, PathBuf), String> {
    // A URL may have such signs, and the name of a folder hardly does.
    let parts = text.rsplit_once('=').filter(|(url, folder)| !url.is_empty() && !folder.is_empty());
    parts.map(|(url, folder)| (url.to_owned(), PathBuf::from(folder))).ok_or_else(|| "write URL=DIR".to_owned())
}

fn formats(text: &str) -> Result<FormatReading, String> {
    match text {
        "annotation" => Ok(FormatReading::Annotation),
        "assertion" => Ok(FormatReading::Assertion),
        _ => Err("one of annotation, assertion".to_owned()),
    }
}

fn dialect(text: &str) -> Result<Dialect, String> {
    let known = Dialect::ALL.into_iter().find(|dialect| dialect.name() == text);
    known.or_else(|| Dialect::of(text)).ok_or_else(|| {
        let names: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
        format!("one of {}", names.join(", "))
    })
}

/// Says how to have a command that speaks to running systems, in a build without them.
#[cfg(any(not(feature = "live"), test))]
pub(crate) fn without_live(command: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "this build of eventc has no `eventc {command}`, which speaks to running brokers\n\
         help: build it with its default features, which ask for Rust 1.95: `cargo install --path codegen/cli`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_live_commands_says_how_to_have_them() {
        let said = without_live("bus").to_string();
        for words in ["no `eventc bus`", "\nhelp: ", "default features", "Rust 1.95", "cargo install --path codegen/cli"] {
            assert!(said.contains(words), "{words}: {said}");
        }
    }
}
