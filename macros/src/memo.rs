//! Earlier results of a macro for the same texts: in this process, which an editor keeps for days, and in earlier ones, in a file beside
//! what the compiler writes.
//!
//! A macro is compiled without optimization, so that making the code of a large tree takes longer than all the rest of an expansion.
//! The file holds every text that the code was made of, and is of use only to who asks about exactly these: nothing is ever stale. Where
//! it cannot be read or written, the code is made again.

#![allow(clippy::disallowed_methods, reason = "reads and writes the file of earlier results, which is no schema and no output")]

use std::{
    borrow::Cow,
    collections::HashMap,
    fs::{self, File},
    hash::{BuildHasher as _, DefaultHasher, Hash as _, Hasher as _, RandomState},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use crate::rustc;

/// The line that ends a file which was written to its end.
const END: &str = "\n// whole\n";

/// A place for one result: that of a macro call in a package.
pub(crate) struct ExpansionMemo {
    name: u64,
    /// All that the result follows from.
    texts: String,
    /// The file in which earlier processes left it.
    file: Option<PathBuf>,
}

type Results = HashMap<u64, (String, Arc<str>)>;
static RESULTS: Mutex<Option<Results>> = Mutex::new(None);

impl ExpansionMemo {
    /// Creates the place of the call that a name tells from others, and the texts that its result follows from.
    pub(crate) fn new<'a>(name: &[&str], texts: impl Iterator<Item = Cow<'a, str>>) -> Self {
        let session = rustc::session();
        let mut hasher = DefaultHasher::new();
        // `cargo check` and `cargo build` take turns; each has its own.
        (name, session.as_ref().map(|session| &session.eventc)).hash(&mut hasher);
        let name = hasher.finish();
        let mut memo = Self { name, texts: String::new(), file: None };
        if let Some((session, build)) = session.and_then(|session| build(&session.eventc).map(|build| (session, build))) {
            memo.file = Some(session.out.join(format!("eventc-{name:016x}.memo")));
            memo.add(&build);
        }
        texts.for_each(|text| memo.add(&text));
        memo
    }

    /// Adds a text with its length before it, so that no two lists of texts read alike.
    fn add(&mut self, text: &str) {
        self.texts.push_str(&text.len().to_string());
        self.texts.push('\n');
        self.texts.push_str(text);
    }

    /// Returns the result of the same texts.
    pub(crate) fn recall(&self) -> Option<Arc<str>> {
        let mut results = RESULTS.lock().unwrap_or_else(PoisonError::into_inner);
        let results = results.get_or_insert_default();
        if let Some((texts, result)) = results.get(&self.name)
            && *texts == self.texts
        {
            return Some(result.clone());
        }
        let result: Arc<str> = self.read()?.into();
        results.insert(self.name, (self.texts.clone(), result.clone()));
        Some(result)
    }

    fn read(&self) -> Option<String> {
        let text = fs::read_to_string(self.file.as_ref()?).ok()?;
        Some(text.strip_prefix(&self.texts)?.strip_suffix(END)?.to_owned())
    }

    /// Keeps a result.
    pub(crate) fn keep(self, result: &str) {
        if let Some(file) = &self.file {
            // The next process makes it again.
            let _ = replace(file, &[&self.texts, result, END].concat());
        }
        let mut results = RESULTS.lock().unwrap_or_else(PoisonError::into_inner);
        results.get_or_insert_default().insert(self.name, (self.texts, result.into()));
    }
}

/// Tells builds of this macro apart: the crate that re-exports it is built again whenever the macro is.
fn build(eventc: &Path) -> Option<String> {
    let metadata = fs::metadata(eventc).ok()?;
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {} {changed:?}", eventc.display(), metadata.len()))
}

/// Writes a file whole or not at all, whoever else writes it: under a name that nobody can guess, and that nobody has.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let mut own = file.as_os_str().to_owned();
    // Its keys are the system's random numbers.
    own.push(format!(".{:016x}", RandomState::new().hash_one(std::process::id())));
    let mut new = File::create_new(&own)?;
    new.write_all(text.as_bytes()).and_then(|()| fs::rename(&own, file)).inspect_err(|_| drop(fs::remove_file(&own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memo(file: &Path, texts: &str) -> ExpansionMemo {
        ExpansionMemo { name: 0, texts: texts.to_owned(), file: Some(file.to_owned()) }
    }

    fn folder(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("eventc-memo-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    #[test]
    fn only_the_same_texts_have_the_result() {
        let folder = folder("texts");
        let file = folder.join("a.memo");
        memo(&file, "some texts").keep("the result");
        assert_eq!(memo(&file, "some texts").read().as_deref(), Some("the result"));
        for other in ["", "some", "some texts, and more", "other texts", "some textsthe"] {
            assert_ne!(memo(&file, other).read().as_deref(), Some("the result"), "{other:?}");
        }
        memo(&file, "other texts").keep("another result");
        assert_eq!(memo(&file, "some texts").read(), None);
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1);
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_was_not_written_to_its_end_is_passed_over() {
        let folder = folder("end");
        let file = folder.join("a.memo");
        memo(&file, "texts").keep("the result");
        let whole = fs::read(&file).expect("a file");
        for length in 0..whole.len() {
            fs::write(&file, &whole[..length]).expect("written");
            assert_eq!(memo(&file, "texts").read(), None, "{length} bytes");
        }
        fs::write(&file, [&whole[..whole.len() - 4], &[0; 4]].concat()).expect("written");
        assert_eq!(memo(&file, "texts").read(), None);
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_folder_that_takes_no_file_costs_nothing_but_time() {
        let folder = folder("missing");
        let file = folder.join("no/such/folder/a.memo");
        memo(&file, "texts").keep("the result");
        assert_eq!(memo(&file, "texts").read(), None);
        // A folder stands where the file would.
        memo(&folder, "texts").keep("the result");
        assert_eq!(memo(&folder, "texts").read(), None);
        assert_eq!(
            fs::read_dir(folder.parent().expect("a folder"))
                .expect("a folder")
                .flatten()
                .filter(|entry| { entry.file_name().to_string_lossy().starts_with("eventc-memo-missing-") && entry.path().is_file() })
                .count(),
            0
        );
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn lists_of_texts_are_told_apart() {
        let texts = |list: &[&'static str]| ExpansionMemo::new(&["lists"], list.iter().map(|text| Cow::from(*text))).texts;
        assert_ne!(texts(&["ab", "c"]), texts(&["a", "bc"]));
        assert_ne!(texts(&["a", ""]), texts(&["a"]));
        assert_ne!(texts(&["1\na"]), texts(&["a"]));
    }

    #[test]
    fn writers_at_the_same_time_leave_a_whole_file() {
        let folder = folder("race");
        let file = folder.join("a.memo");
        let result = |writer: usize| format!("result {writer} ").repeat(10_000);
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let (file, result) = (&file, result(writer));
                scope.spawn(move || (0..25).for_each(|_| drop(replace(file, &[&writer.to_string(), &*result, END].concat()))));
            }
            for _ in 0..200 {
                let found = (0..4).find_map(|writer| Some((writer, memo(&file, &writer.to_string()).read()?)));
                if let Some((writer, found)) = found {
                    assert!(found == result(writer), "half of a result");
                }
            }
        });
        fs::remove_dir_all(folder).expect("removed");
    }
}
