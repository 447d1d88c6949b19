//! The model output.

use eventc_model::diagnostic::Diagnostic;

use super::{Emitted, Emitter, Input};

/// See the module.
pub struct Model;

impl Emitter for Model {
    fn name(&self) -> &'static str {
        "model"
    }

    fn summary(&self) -> &'static str {
        "model"
    }

    fn emit(&self, _: &Input<'_>) -> Result<Emitted, Vec<Diagnostic>> {
        Ok(Emitted::default())
    }
}
