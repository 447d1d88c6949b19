//! Noticing that files change, by looking at them: it needs nothing of the system and works on every file system.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use anyhow::Result;
use eventc_codegen::project::{Inputs, Project};

/// The least pause between two looks at the files.
const PAUSE: Duration = Duration::from_millis(50);

/// A pause is so many times what a look takes, so that watching a large tree leaves the machine to others.
const REST: u32 = 20;

/// The time for which files must stay the same before they count as written.
const SETTLED: Duration = Duration::from_millis(15);

/// The files that a project is read from.
#[derive(Debug)]
pub(crate) struct Watched {
    /// The configuration, and the folders that it names.
    inputs: Vec<PathBuf>,
    /// Files around the schemas that references lead to.
    around: Vec<PathBuf>,
    seen: FileStates,
}

impl Watched {
    /// Watches what a project is read from; see [`Inputs::places`].
    pub(crate) fn new(inputs: Vec<PathBuf>) -> Self {
        Self { inputs, around: Vec::new(), seen: FileStates::default() }
    }

    /// Reads a project, such that every later change is noticed. `inputs` returns what was read.
    ///
    /// # Errors
    /// What `read` returns.
    pub(crate) fn read<T>(&mut self, read: impl Fn() -> Result<T>, inputs: impl Fn(&T) -> &Inputs) -> Result<T> {
        loop {
            self.seen = self.look();
            let found = read()?;
            if inputs(&found).read_from() == self.inputs {
                return Ok(found);
            }
            // The configuration names other folders by now, which were not looked at before they were read.
            self.inputs = inputs(&found).read_from().to_vec();
        }
    }

    /// Watches the files around the schemas too.
    pub(crate) fn keep_around(&mut self, project: &Project) {
        let files = project.catalog.schemas.files.iter().map(|file| PathBuf::from(&*file.shown));
        self.around = files.filter(|file| !self.inputs.iter().any(|folder| file.starts_with(folder))).collect();
        for file in &self.around {
            look(file, &mut self.seen.0, 0);
        }
    }

    /// Waits for a change, and until it is written as a whole. Returns the files that changed.
    pub(crate) fn wait(&self) -> Vec<PathBuf> {
        loop {
            let start = Instant::now();
            let mut now = self.look();
            if now == self.seen {
                thread::sleep(PAUSE.max(start.elapsed() * REST));
                continue;
            }
            loop {
                thread::sleep(SETTLED);
                let next = self.look();
                if next == now {
                    return now.changed_since(&self.seen);
                }
                now = next;
            }
        }
    }

    fn look(&self) -> FileStates {
        FileStates::of(self.inputs.iter().chain(&self.around))
    }
}

/// The state of files, as far as it is known without reading them.
#[derive(Debug, Default, PartialEq, Eq)]
struct FileStates(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl FileStates {
    /// Returns the state of some files and of everything below some folders.
    fn of<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Self {
        let mut found = BTreeMap::new();
        for path in paths {
            look(path, &mut found, 0);
        }
        Self(found)
    }

    /// Returns the files that came, went or changed.
    fn changed_since(&self, earlier: &Self) -> Vec<PathBuf> {
        let came = self.0.iter().filter(|(path, state)| earlier.0.get(*path) != Some(state));
        let mut changed: Vec<PathBuf> = came.map(|(path, _)| path.clone()).collect();
        changed.extend(earlier.0.keys().filter(|path| !self.0.contains_key(*path)).cloned());
        changed
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
    use std::slice;

    use super::*;

    #[test]
    fn files_that_come_grow_and_go_are_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (paths, file) = ([folder.path().to_path_buf()], folder.path().join("a/b.json"));
        let look = || FileStates::of(paths.iter());
        let empty = look();
        fs::create_dir(folder.path().join("a")).expect("a folder");
        fs::write(&file, "{}").expect("a file");
        let first = look();
        assert_eq!(first.changed_since(&empty), slice::from_ref(&file));
        assert_eq!(first, look());
        fs::write(&file, "{ }").expect("a file");
        assert_eq!(look().changed_since(&first), slice::from_ref(&file));
        fs::remove_file(&file).expect("the file goes");
        assert_eq!(look().changed_since(&first), [file]);
        assert_eq!(empty, look());
    }
}
