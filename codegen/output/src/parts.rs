//! The record of what a large tree's outputs were made of, module by module: what has the same key again need not be made again.
//!
//! It is kept in a cache folder, never among the output, and holds keys, paths and hashes, no outputs. It is trusted only as a whole (it
//! begins with its own digest), and a part of it only where every file on disk is what the record says.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use sha2::{Digest, Sha256};

use super::{
    OutputError,
    manifest::{self, Manifest},
    memo::{MemoOf, is_file_of, name_of},
    sound,
    staged::{self, Durability},
};

/// The first bytes of the record; another shape has others.
const HEAD: &[u8] = b"eventc parts 1\n";

const DIGEST: usize = 32;

/// The number of bytes beyond which nothing is recorded.
const MAX_RECORD: usize = 256 << 20;

/// The number of bytes that the records of all output folders may take together.
const MAX_RECORDS: u64 = 1 << 30;

/// The ending of the record's file.
const ENDING: &str = "parts";

/// The endings of all records in a cache folder.
const ENDINGS: [&str; 4] = [ENDING, sound::ENDING, MemoOf::Generate.ending(), MemoOf::Check.ending()];

/// A part of an output: files that were made of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadePart {
    /// The digest of everything that it was made of.
    pub key: [u8; DIGEST],
    /// The paths of its files, below the target's own folder.
    pub paths: Vec<String>,
    /// What its maker has to know of it in the next run.
    pub said: String,
}

/// A part as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RecordedPart {
    /// Paths with the hashes of their content.
    files: Vec<(String, u64)>,
    said: String,
}

type Parts = HashMap<[u8; DIGEST], RecordedPart>;

/// The record of an output folder.
#[derive(Debug)]
pub struct PartsRecord {
    file: PathBuf,
    out: PathBuf,
    /// By target, with what stands in its folder.
    targets: BTreeMap<String, (Parts, Manifest)>,
}

impl PartsRecord {
    /// Reads the record of an output folder; an empty one where there is none that can be trusted. `None` where the system does not say
    /// where the working folder is.
    pub fn read(cache: &Path, out: &Path) -> Option<Self> {
        let file = cache.join(format!("{}.{}", name_of(out)?, ENDING));
        let targets = fs::read(&file).ok().and_then(|bytes| decode(&bytes)).unwrap_or_default();
        let with_manifest = |(target, parts): (String, Parts)| {
            // What a stopped run left is nobody's to judge here.
            let manifest = Manifest::read(&out.join(&target)).ok().filter(|manifest| !manifest.unfinished).unwrap_or_default();
            (target, (parts, manifest))
        };
        Some(Self { file, out: out.to_path_buf(), targets: targets.into_iter().map(with_manifest).collect() })
    }

    /// Returns the part of a target with this key, if every file of it stands as it was made.
    pub fn standing(&self, target: &str, key: &[u8; DIGEST]) -> Option<MadePart> {
        let (parts, manifest) = self.targets.get(target)?;
        let RecordedPart { files, said } = parts.get(key)?;
        let root = self.out.join(target);
        let stands = |(path, hash): &(String, u64)| manifest.made.get(path) == Some(hash) && is_file_of(&root.join(path), *hash);
        let part = || MadePart { key: *key, paths: files.iter().map(|(path, _)| path.clone()).collect(), said: said.clone() };
        files.iter().all(stands).then(part)
    }

    /// Records what targets are made of now, in place of what was recorded of these targets.
    ///
    /// # Errors
    /// Where the cache folder cannot be written. Nothing is lost by that but time.
    pub fn keep(self, made: Vec<(&str, Vec<MadePart>)>) -> Result<(), OutputError> {
        let mut targets: BTreeMap<String, Parts> = self.targets.into_iter().map(|(target, (parts, _))| (target, parts)).collect();
        for (target, parts) in made {
            let manifest = Manifest::read(&self.out.join(target))?;
            let recorded = |part: MadePart| {
                let hashed = |path: String| manifest.made.get(&path).map(|hash| (path, *hash));
                let files = part.paths.into_iter().map(hashed).collect::<Option<Vec<_>>>()?;
                Some((part.key, RecordedPart { files, said: part.said }))
            };
            targets.insert(target.to_owned(), parts.into_iter().filter_map(recorded).collect());
        }
        let bytes = encode(&targets);
        let folder = self.file.parent().unwrap_or(Path::new(""));
        if bytes.len() > MAX_RECORD {
            return Ok(());
        }
        fs::create_dir_all(folder).map_err(OutputError::io("create the folder", folder))?;
        staged::put(&self.file, &bytes, Durability::MadeAgain)?;
        remove_oldest(folder, MAX_RECORDS);
        Ok(())
    }
}

/// Removes the records of a cache folder that nobody has written for longest, until the others take no more than this.
fn remove_oldest(folder: &Path, most: u64) {
    let is_record = |path: &Path| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        ENDINGS.contains(&ending) && stem.len() == 2 * DIGEST && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| is_record(path));
    let with_age = |path: PathBuf| {
        let metadata = path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
        Some((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len(), path))
    };
    let mut records: Vec<(SystemTime, u64, PathBuf)> = paths.filter_map(with_age).collect();
    records.sort();
    let mut total: u64 = records.iter().map(|(_, length, _)| length).sum();
    for (_, length, path) in records {
        if total <= most {
            break;
        }
        // What cannot be removed is somebody else's trouble next time.
        let _ = fs::remove_file(path);
        total -= length;
    }
}

fn encode(targets: &BTreeMap<String, Parts>) -> Vec<u8> {
    let mut bytes = HEAD.to_vec();
    bytes.extend([0; DIGEST]);
    put_count(&mut bytes, targets.len());
    for (target, parts) in targets {
        put_text(&mut bytes, target);
        put_count(&mut bytes, parts.len());
        for (key, RecordedPart { files, said }) in parts {
            bytes.extend(key);
            put_text(&mut bytes, said);
            put_count(&mut bytes, files.len());
            for (path, hash) in files {
                put_text(&mut bytes, path);
                bytes.extend(hash.to_le_bytes());
            }
        }
    }
    let (head, body) = bytes.split_at_mut(HEAD.len() + DIGEST);
    head[HEAD.len()..].copy_from_slice(&Sha256::digest(body));
    bytes
}

fn put_count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend((count as u64).to_le_bytes());
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_count(bytes, text.len());
    bytes.extend(text.as_bytes());
}

/// Returns what a record holds; `None` where it is not, byte for byte, what some run wrote.
fn decode(bytes: &[u8]) -> Option<BTreeMap<String, Parts>> {
    let (digest, body) = bytes.strip_prefix(HEAD)?.split_first_chunk::<DIGEST>()?;
    if Sha256::digest(body).as_slice() != digest {
        return None;
    }
    let mut rest = Rest(body);
    let mut targets = BTreeMap::new();
    for _ in 0..rest.count()? {
        let target = rest.text()?;
        let mut parts = Parts::new();
        for _ in 0..rest.count()? {
            let key = *rest.chunk::<DIGEST>()?;
            let said = rest.text()?;
            let mut files = Vec::new();
            for _ in 0..rest.count()? {
                let path = rest.text().filter(|path| manifest::is_below(path))?;
                files.push((path, u64::from_le_bytes(*rest.chunk()?)));
            }
            parts.insert(key, RecordedPart { files, said });
        }
        targets.insert(target, parts);
    }
    rest.0.is_empty().then_some(targets)
}

/// The bytes that were not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn chunk<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (chunk, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(chunk)
    }

    fn count(&mut self) -> Option<u64> {
        self.chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.count()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use eventc_model::GeneratedFile;

    use super::*;

    fn part(key: u8, paths: &[&str]) -> MadePart {
        MadePart { key: [key; DIGEST], paths: paths.iter().map(|path| (*path).to_owned()).collect(), said: format!("said {key}\n") }
    }

    fn record(root: &Path) -> PartsRecord {
        PartsRecord::read(&root.join("cache"), &root.join("out")).expect("a working folder")
    }

    fn made(root: &Path) {
        let file = |path: &str| GeneratedFile { path: path.to_owned(), text: format!("// {path}\n") };
        crate::write(&root.join("out/rust"), &[file("a.rs"), file("b/c.rs")]).expect("a folder");
        record(root).keep(vec![("rust", vec![part(1, &["a.rs"]), part(2, &["b/c.rs"]), part(3, &["gone.rs"])])]).expect("a cache");
    }

    #[test]
    fn parts_stand_as_long_as_their_files_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        made(root);
        let found = |key: u8| record(root).standing("rust", &[key; DIGEST]);
        assert_eq!(found(1), Some(part(1, &["a.rs"])));
        assert_eq!(found(2), Some(part(2, &["b/c.rs"])));
        assert_eq!(found(3), None);
        assert_eq!(record(root).standing("python", &[1; DIGEST]), None);
        fs::write(root.join("out/rust/a.rs"), "// a.rX\n").expect("a file");
        assert_eq!(found(1), None);
        assert!(found(2).is_some());
        // Another target's parts stay.
        crate::write(&root.join("out/ts"), &[GeneratedFile { path: "x.ts".into(), text: "x".into() }]).expect("a folder");
        record(root).keep(vec![("ts", vec![part(9, &["x.ts"])])]).expect("a cache");
        assert!(found(2).is_some() && record(root).standing("ts", &[9; DIGEST]).is_some());
    }

    #[test]
    fn a_record_with_any_other_byte_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        made(root);
        let file = record(root).file;
        let whole = fs::read(&file).expect("a record");
        assert!(decode(&whole).is_some());
        for at in 0..whole.len() {
            assert_eq!(decode(&whole[..at]), None, "cut at {at}");
            let mut other = whole.clone();
            other[at] ^= 1;
            assert_eq!(decode(&other), None, "changed at {at}");
        }
        fs::write(&file, &whole[..whole.len() / 2]).expect("a file");
        assert_eq!(record(root).standing("rust", &[1; DIGEST]), None);
    }

    #[test]
    fn the_oldest_records_go_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = |digit: char| format!("{}.parts", digit.to_string().repeat(2 * DIGEST));
        for (name, age) in [(name('a'), 30), (name('b'), 20), (name('c'), 10), ("mine.parts".to_owned(), 40)] {
            let path = folder.path().join(name);
            fs::write(&path, [0; 100]).expect("a file");
            let then = SystemTime::now() - std::time::Duration::from_secs(age);
            fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(then)).expect("a time");
        }
        remove_oldest(folder.path(), 250);
        let stands = |name: &str| folder.path().join(name).exists();
        assert_eq!([&name('a'), &name('b'), &name('c'), "mine.parts"].map(stands), [false, true, true, true]);
    }
}
