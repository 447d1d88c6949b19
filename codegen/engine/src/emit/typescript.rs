//! The typescript output.

use eventc_model::diagnostic::Diagnostic;

use super::{Emitted, Emitter, Input};

/// See the module.
pub struct TypeScript;

impl Emitter for TypeScript {
    fn name(&self) -> &'static str {
        "typescript"
    }

    fn summary(&self) -> &'static str {
        "typescript"
    }

    fn emit(&self, _: &Input<'_>) -> Result<Emitted, Vec<Diagnostic>> {
        Ok(Emitted::default())
    }
}
