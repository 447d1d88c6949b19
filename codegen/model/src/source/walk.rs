//! The walk over what lies below a root. Links are followed as long as they stay below it, and not without end: each may lead to folders
//! with further links, so that a handful of folders has more paths than anybody can walk.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, IntoIter, WalkDir};

/// Something that the walk meets.
pub(super) enum Met {
    /// A file.
    File(DirEntry),
    /// A link to a folder that is not below the root.
    Outside(PathBuf),
    /// A file, a folder or a link that cannot be read.
    Failed(walkdir::Error),
    /// The first of the paths through links that are not walked.
    TooMany(PathBuf),
}

/// See the module.
pub(super) struct Walk {
    real_root: PathBuf,
    entries: IntoIter,
    /// The number of paths through links that are walked.
    linked: usize,
    most_linked: usize,
    /// The depth of the link that the walk is below.
    below_link: Option<usize>,
}

impl Walk {
    /// Returns the walk over a root, which is known by its real path too. At most so many paths lead through links.
    pub(super) fn new(root: &Path, real_root: PathBuf, most_linked: usize) -> Self {
        let entries = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
        Self { real_root, entries, linked: 0, most_linked, below_link: None }
    }

    /// Returns what an entry amounts to; nothing for one that is only walked through, or passed over.
    fn judge(&mut self, entry: DirEntry) -> Option<Met> {
        let is_folder = entry.file_type().is_dir();
        if is_passed_over(&entry) {
            self.pass(is_folder);
            return None;
        }
        self.below_link = self.below_link.filter(|depth| entry.depth() > *depth);
        let is_link = entry.path_is_symlink() && entry.depth() > 0;
        if is_link && is_folder && !entry.path().canonicalize().is_ok_and(|real| real.starts_with(&self.real_root)) {
            self.pass(true);
            return Some(Met::Outside(entry.into_path()));
        }
        if is_link && self.below_link.is_none() {
            self.below_link = Some(entry.depth());
        }
        if self.below_link.is_some() {
            self.linked += 1;
            if self.linked > self.most_linked {
                self.pass(is_folder);
                return (self.linked == self.most_linked + 1).then(|| Met::TooMany(entry.into_path()));
            }
        }
        entry.file_type().is_file().then_some(Met::File(entry))
    }

    /// Leaves a folder out.
    fn pass(&mut self, is_folder: bool) {
        if is_folder {
            self.entries.skip_current_dir();
        }
    }
}

impl Iterator for Walk {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        loop {
            let met = match self.entries.next()? {
                Ok(entry) => self.judge(entry),
                Err(error) => Some(Met::Failed(error)),
            };
            if met.is_some() {
                return met;
            }
        }
    }
}

/// Returns whether an entry is hidden, or holds the packages of others.
fn is_passed_over(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() > 0 && (name.starts_with('.') || name == "node_modules")
}
