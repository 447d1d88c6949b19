//! The list of files that eventc made in an output folder.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use eventc_model::GeneratedFile;
use rayon::prelude::*;

use super::OutputError;

/// The file name of the manifest.
pub const NAME: &str = ".eventc-manifest";

/// The file name of the claims that a run makes before it writes. It stands beside the manifest, not in its place: replacing
/// a file that was written a moment ago makes some file systems wait for the disk.
pub(super) const CLAIM: &str = ".eventc-unfinished";

const HEAD: &str = "# Made by eventc: the files in this folder that it may overwrite and remove, each after its hash.";

#[derive(Debug, Default, Clone)]
pub(super) struct Manifest {
    /// Hashes by path.
    pub(super) made: BTreeMap<String, u64>,
    /// Further digests of the same paths: by a run that was stopped, or by the other side of a merge.
    also: BTreeSet<(String, u64)>,
    /// Whether the last run was stopped.
    pub(super) unfinished: bool,
    /// Whether there is one.
    pub(super) exists: bool,
    text: Option<String>,
}

impl Manifest {
    pub(super) fn of(files: &[GeneratedFile]) -> Self {
        let made = files.par_iter().map(|file| (file.path.clone(), hash(file.text.as_bytes()))).collect::<Vec<_>>();
        Self { made: made.into_iter().collect(), ..Self::default() }
    }

    pub(super) fn read(root: &Path) -> Result<Self, OutputError> {
        let mut manifest = read_text(&root.join(NAME))?.map(Self::parse).unwrap_or_default();
        if let Some(claim) = read_text(&root.join(CLAIM))? {
            manifest.add(Self::parse(claim));
            manifest.unfinished = true;
        }
        Ok(manifest)
    }

    /// Parses a manifest. Lines that are no entries (marks of a merge conflict, say) are passed over, and so are paths that
    /// leave the folder.
    fn parse(text: String) -> Self {
        let entry = |line: &str| {
            let (hash, path) = line.split_once(' ')?;
            let hash = (hash.len() == 16).then(|| u64::from_str_radix(hash, 16).ok())??;
            is_below(path).then(|| (path.to_owned(), hash))
        };
        let mut manifest = Self { exists: true, ..Self::default() };
        for (path, hash) in text.lines().filter_map(entry) {
            manifest.note(path, hash);
        }
        manifest.text = Some(text);
        manifest
    }

    fn add(&mut self, other: Self) {
        for (path, hash) in other.made.into_iter().chain(other.also) {
            self.note(path, hash);
        }
    }

    fn note(&mut self, path: String, hash: u64) {
        self.also.insert((path.clone(), hash));
        self.made.entry(path).or_insert(hash);
    }

    /// Returns whether eventc made a file of this content at a path; checkouts may have changed its line ends.
    pub(super) fn has_made(&self, path: &str, bytes: &[u8]) -> bool {
        let says = |bytes: &[u8]| self.also.contains(&(path.to_owned(), hash(bytes)));
        says(bytes) || matches!(unix_lines(bytes), Cow::Owned(bytes) if says(&bytes))
    }

    /// Returns whether the file on disk is, byte for byte, what `wanted` would write.
    pub(super) fn is(&self, wanted: &Self) -> bool {
        self.text.as_deref() == Some(&wanted.to_text())
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.made.len() * 64);
        text.push_str(HEAD);
        text.push('\n');
        for (path, hash) in &self.made {
            text.push_str(&format!("{hash:016x} {path}\n"));
        }
        text
    }
}

fn read_text(path: &Path) -> Result<Option<String>, OutputError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(OutputError::io("read", path)(error)),
    }
}

fn unix_lines(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let ends = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    Cow::Owned((0..bytes.len()).filter(|at| !ends(*at)).map(|at| bytes[at]).collect())
}

/// Returns whether a path stays in its folder: parts with `/` between them, none of them empty, `.` or `..`.
pub(super) fn is_below(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0', '\n', '\r']))
}

/// Returns the FNV-1a hash over words of eight bytes: it tells edits apart, it keeps no secrets.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let step = |hash: u64, word: u64| (hash ^ word).wrapping_mul(PRIME).rotate_left(23);
    let mut words = bytes.chunks_exact(8);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    for word in &mut words {
        hash = step(hash, word.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
    hash = words.remainder().iter().fold(hash, |hash, byte| step(hash, u64::from(*byte)));
    step(hash, 0)
}
