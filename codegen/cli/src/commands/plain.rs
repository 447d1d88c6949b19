//! The format of commands that have but two.

use eventc_codegen::report::ReportFormat;

/// For a person or for a program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum BriefFormat {
    #[default]
    Human,
    Json,
}

impl From<BriefFormat> for ReportFormat {
    fn from(plain: BriefFormat) -> Self {
        match plain {
            BriefFormat::Human => Self::Human,
            BriefFormat::Json => Self::Json,
        }
    }
}
