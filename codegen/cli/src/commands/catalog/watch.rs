//! Noticing that files change, by looking at them: it needs nothing of the system and works on every file system.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// The state of files, as far as it is known without reading them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileStates(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl FileStates {
    /// Returns the state of some files and of everything below some folders.
    pub(super) fn of(paths: &[PathBuf]) -> Self {
        let mut found = BTreeMap::new();
        for path in paths {
            look(path, &mut found, 0);
        }
        Self(found)
    }
}

/// The maximum depth of folders; a link may lead upwards.
const MAX_DEPTH: usize = 64;

fn look(path: &Path, found: &mut BTreeMap<PathBuf, (Option<SystemTime>, u64)>, depth: usize) {
    // What cannot be read now may be read the next time.
    let Ok(metadata) = fs::metadata(path) else { return };
    if !metadata.is_dir() {
        found.insert(path.to_path_buf(), (metadata.modified().ok(), metadata.len()));
    } else if depth < MAX_DEPTH {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            look(&entry.path(), found, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_come_grow_and_go_are_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = [folder.path().to_path_buf()];
        let empty = FileStates::of(&paths);
        fs::create_dir(folder.path().join("a")).expect("a folder");
        fs::write(folder.path().join("a/b.json"), "{}").expect("a file");
        let first = FileStates::of(&paths);
        assert_ne!(empty, first);
        assert_eq!(first, FileStates::of(&paths));
        fs::write(folder.path().join("a/b.json"), "{ }").expect("a file");
        assert_ne!(first, FileStates::of(&paths));
        fs::remove_file(folder.path().join("a/b.json")).expect("the file goes");
        assert_eq!(empty, FileStates::of(&paths));
    }
}
