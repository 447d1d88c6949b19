//! The catalog output.

use eventc_model::diagnostic::Diagnostic;

use super::{Emitted, Emitter, Input};

/// See the module.
pub struct CatalogPages;

impl Emitter for CatalogPages {
    fn name(&self) -> &'static str {
        "catalog"
    }

    fn summary(&self) -> &'static str {
        "catalog"
    }

    fn emit(&self, _: &Input<'_>) -> Result<Emitted, Vec<Diagnostic>> {
        Ok(Emitted::default())
    }
}
