//! The pages that are served now.

use std::collections::HashMap;

use eventc_codegen::model::GeneratedFile;

/// The files of the site by their paths, and how often they were built.
#[derive(Default)]
pub(super) struct BuiltSite {
    pub(super) files: HashMap<String, String>,
    pub(super) number: u64,
}

impl BuiltSite {
    /// Puts new files in the place of the old ones.
    pub(super) fn show(&mut self, files: Vec<GeneratedFile>) {
        self.files = files.into_iter().map(|file| (file.path, file.text)).collect();
        self.number += 1;
    }
}
