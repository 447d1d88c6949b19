//! The format of commands that have but two.

use eventc_codegen::report::Format;

/// For a person or for a program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Plain {
    #[default]
    Human,
    Json,
}

impl From<Plain> for Format {
    fn from(plain: Plain) -> Self {
        match plain {
            Plain::Human => Self::Human,
            Plain::Json => Self::Json,
        }
    }
}
