//! The rust output.

use eventc_model::diagnostic::Diagnostic;

use super::{Emitted, Emitter, Input};

/// See the module.
pub struct Rust;

impl Emitter for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn summary(&self) -> &'static str {
        "rust"
    }

    fn emit(&self, _: &Input<'_>) -> Result<Emitted, Vec<Diagnostic>> {
        Ok(Emitted::default())
    }
}
