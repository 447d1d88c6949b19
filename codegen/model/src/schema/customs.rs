//! Facts about a tree by which its texts are read.

use std::fmt;

use super::Dialect;

/// Facts about a tree that are known before its texts are read.
#[derive(Clone, Copy)]
pub struct Customs<'a> {
    /// A folder without configuration: what is no schema there is nobody's mistake.
    pub unconfigured: bool,
    /// The dialect that is stated for a file, by its path, where the file has no `$schema`.
    pub dialect: &'a (dyn Fn(&str) -> Option<Dialect> + Sync),
    /// Whether the patterns of a file are left to the engine of each language, by its path; so they are where no code is made.
    pub native_patterns: &'a (dyn Fn(&str) -> bool + Sync),
}

impl fmt::Debug for Customs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customs").field("unconfigured", &self.unconfigured).finish_non_exhaustive()
    }
}
