//! The python output.

use eventc_model::diagnostic::Diagnostic;

use super::{Emitted, Emitter, Input};

/// See the module.
pub struct Python;

impl Emitter for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn summary(&self) -> &'static str {
        "python"
    }

    fn emit(&self, _: &Input<'_>) -> Result<Emitted, Vec<Diagnostic>> {
        Ok(Emitted::default())
    }
}
