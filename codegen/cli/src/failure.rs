//! What kept a command from its work.

use eventc_codegen::{
    project::{OpenError, SelectionError},
    report::SourceTexts,
};
use eventc_model::diagnostic::BAD_CONFIG;

use crate::context::CommandContext;

/// Tells why a command could not do its work; returns its exit status.
pub(crate) fn tell(context: &CommandContext, error: &anyhow::Error) -> u8 {
    if let Some(OpenError::Config { diagnostics, sources }) = error.downcast_ref() {
        context.explain_failure(diagnostics, sources);
        return 2;
    }
    if let Some(SelectionError::Refused(diagnostics)) = error.downcast_ref() {
        context.explain_failure(diagnostics, &SourceTexts::default());
        let options = diagnostics.iter().all(|finding| finding.rule == &BAD_CONFIG);
        return if options { 2 } else { 1 };
    }
    context.console.error(&with_causes(error));
    2
}

/// Returns an error and its causes, each once: many a message tells its cause already.
fn with_causes(error: &anyhow::Error) -> String {
    error
        .chain()
        .skip(1)
        .map(ToString::to_string)
        .fold(error.to_string(), |told, cause| if told.ends_with(&cause) { told } else { format!("{told}: {cause}") })
}
