//! The surroundings of a schema tree: the repository that it is in, and the folders that stand for URLs.
//!
//! A file is read from there only where a reference of the tree names it, never through a symbolic link, and never from outside the
//! repository or the folder that was stated.

use std::{
    fmt, io,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use super::{Limits, SourceFile, SourceFormat, read_up_to};
use crate::text::path_text;

/// The folder in which files from around a tree stand; never the name of a folder of the tree itself, whose names win.
pub(crate) const BEYOND: &str = "_beyond";

/// The files of a repository at another time than now: those of a commit.
pub trait RepositoryState: fmt::Debug + Send + Sync {
    /// Returns the name in messages, which stands before the path of a file.
    fn name(&self) -> &str;

    /// Returns the bytes of a file, by its path from the repository's root; `None` where there is none, it is a link, or is longer than the
    /// limit.
    fn read(&self, path: &str, limit: u64) -> Option<Vec<u8>>;
}

/// The surroundings of a tree.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The schema root as it was named.
    named: PathBuf,
    /// Its real path.
    root: PathBuf,
    /// The real path of the repository that it is in.
    repository: Option<PathBuf>,
    /// The state that stands for the files of the repository on disk, where the tree is one of another time.
    state: Option<Arc<dyn RepositoryState>>,
    /// Folders that stand for what URLs begin with, the longest first: the URL, and the folder's real path.
    maps: Vec<(String, PathBuf)>,
}

/// A location that a reference may lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReferenceTarget {
    /// To a file of the tree, by its path.
    Inside(String),
    /// To a file around it.
    Outside {
        /// The path that it has among the files of the tree.
        path: String,
        real: PathBuf,
    },
}

impl Around {
    /// Returns the surroundings of a folder.
    ///
    /// # Errors
    /// Where the folder cannot be found.
    pub fn of(named: &Path) -> io::Result<Self> {
        let root = named.canonicalize()?;
        let repository = root.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok()).map(Path::to_path_buf);
        Ok(Self { named: named.to_path_buf(), root, repository, state: None, maps: Vec::new() })
    }

    /// Returns the surroundings of a folder as a repository was at another time. Both paths are real ones; the folder need not be there any
    /// more.
    pub fn at(repository: &Path, root: &Path, state: Arc<dyn RepositoryState>) -> Self {
        let [repository, root] = [repository, root].map(Path::to_path_buf);
        Self { named: root.clone(), root, repository: Some(repository), state: Some(state), maps: Vec::new() }
    }

    /// States that the files of a URL, and of all that begin with it and a slash, are in a folder.
    ///
    /// # Errors
    /// Where there is no such folder.
    pub fn map(&mut self, url: &str, folder: &Path) -> io::Result<()> {
        let stored = self.stored(folder).is_some();
        let real = if stored { folder.to_path_buf() } else { folder.canonicalize()? };
        if !stored && !real.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        self.maps.push((url.trim_end_matches(['/', '#']).to_owned(), real));
        self.maps.sort_by_key(|(url, _)| std::cmp::Reverse(url.len()));
        Ok(())
    }

    /// Returns the location of a mapped URL's file, which may leave out the file's ending; `None` where no map names the URL, or its folder has
    /// no such file.
    pub(crate) fn mapped(&self, url: &str) -> Option<ReferenceTarget> {
        let (prefix, folder, below) = self.maps.iter().find_map(|(prefix, folder)| {
            let below = url.strip_prefix(prefix.as_str())?;
            (below.is_empty() || below.starts_with('/')).then(|| (prefix, folder, below.trim_matches('/')))
        })?;
        let spelled = std::iter::once(below.to_owned()).chain(SourceFormat::spellings(below));
        let (below, real) = spelled.into_iter().find_map(|below| self.file_below(folder, &below).map(|real| (below, real)))?;
        // Without the scheme a URL is a path that says where the file comes from.
        let whole = format!("{prefix}/{below}");
        let name = whole.split_once("://").map_or(whole.as_str(), |(_, rest)| rest);
        Some(self.locate(real, name))
    }

    /// Returns the location of a file of the repository, by a path from the folder of another, or from the repository's root; `None` where
    /// the path leaves the repository, or there is no such file.
    pub(crate) fn relative(&self, from: Option<&str>, path: &str) -> Option<ReferenceTarget> {
        let path = self.path_in_repository(from, path)?.join("/");
        let real =
            self.repository.as_ref().and_then(|repository| self.file_below(repository, &path)).or_else(|| self.beside_mapped(&path))?;
        Some(self.locate(real, &path))
    }

    /// Returns the parts of a path from the folder of a file, or from the repository's root; `None` where it leaves the repository.
    fn path_in_repository(&self, from: Option<&str>, path: &str) -> Option<Vec<String>> {
        let mut parts: Vec<String> = Vec::new();
        if let Some(from) = from {
            parts = self.in_repository(from)?.split('/').map(str::to_owned).collect();
            parts.pop();
        }
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part.to_owned()),
            }
        }
        Some(parts)
    }

    /// Returns the first link on the way to a file that is there, by a path from the folder of another.
    pub(crate) fn link_on_the_way(&self, from: &str, path: &str) -> Option<String> {
        let (repository, parts) = (self.repository.as_ref()?, self.path_in_repository(Some(from), path)?);
        if self.state.is_some() || !repository.join(parts.join("/")).is_file() {
            return None;
        }
        let ways = (1..=parts.len()).map(|length| repository.join(parts[..length].join("/")));
        ways.into_iter().find(|way| way.is_symlink()).map(|link| self.shown(&link))
    }

    /// Returns a file of a mapped folder, by the URL without its scheme.
    fn beside_mapped(&self, path: &str) -> Option<PathBuf> {
        self.maps.iter().find_map(|(url, folder)| {
            let name = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            self.file_below(folder, path.strip_prefix(name)?.strip_prefix('/')?)
        })
    }

    /// Returns the path from the repository's root of a file of the tree, or of one that was read from around it.
    fn in_repository(&self, path: &str) -> Option<String> {
        if let Some(outside) = path.strip_prefix(BEYOND).and_then(|rest| rest.strip_prefix('/')) {
            return Some(outside.to_owned());
        }
        let below = self.root.strip_prefix(self.repository.as_ref()?).ok()?;
        let folder: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(if folder.is_empty() { path.to_owned() } else { format!("{}/{path}", folder.join("/")) })
    }

    fn locate(&self, real: PathBuf, stated: &str) -> ReferenceTarget {
        let name = |path: &Path| path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if let Ok(below) = real.strip_prefix(&self.root) {
            return ReferenceTarget::Inside(name(below));
        }
        let named = self.repository.as_ref().and_then(|repository| real.strip_prefix(repository).ok()).map(name);
        ReferenceTarget::Outside { path: format!("{BEYOND}/{}", named.unwrap_or_else(|| stated.trim_matches('/').to_owned())), real }
    }

    /// Reads a file from around the tree.
    pub(crate) fn read(&self, path: String, real: &Path, limits: &Limits) -> Option<SourceFile> {
        let format = SourceFormat::of(&path)?;
        let bytes = match self.stored(real) {
            Some((state, path)) => state.read(&path, limits.file_bytes)?,
            None => read_up_to(real, limits.file_bytes).ok()?.ok()?,
        };
        let text = String::from_utf8(bytes).ok()?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
        Some(SourceFile { path, shown: self.shown(real).into(), format, text, unread: false })
    }

    /// Returns a path as a person would name it who named the root as they did.
    fn shown(&self, real: &Path) -> String {
        if let Some((state, path)) = self.stored(real) {
            return format!("{}{path}", state.name());
        }
        let mut out = self.named.clone();
        let shared = self.root.components().zip(real.components()).take_while(|(a, b)| a == b).count();
        for _ in self.root.components().skip(shared) {
            match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                Some(Component::CurDir) | None => out = PathBuf::from(".."),
                _ => out.push(".."),
            }
        }
        out.extend(real.components().skip(shared));
        path_text(&out)
    }

    /// Returns the state that stands for what is on disk at a path, and the path from the repository's root.
    fn stored(&self, path: &Path) -> Option<(&dyn RepositoryState, String)> {
        let below = path.strip_prefix(self.repository.as_ref()?).ok()?;
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some((self.state.as_deref()?, parts.join("/")))
    }

    /// Returns the real path of a file below a folder, if no link is on the way to it.
    fn file_below(&self, folder: &Path, below: &str) -> Option<PathBuf> {
        let path = folder.join(below);
        let plain = Path::new(below).components().all(|part| matches!(part, Component::Normal(_)));
        let is_there = match self.stored(&path) {
            Some((state, stored)) => state.read(&stored, u64::MAX).is_some(),
            None => path.is_file() && path.canonicalize().ok()? == path,
        };
        (plain && is_there).then_some(path)
    }
}
