//! The schema tree of the package that is being compiled, read once for all macros in it.

use std::{
    borrow::Cow,
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use eventc_model::{
    catalog::Catalog,
    diagnostic::{self, Diagnostic, Level},
    locate::{self, TreeLocation, relative},
    schema::FileId,
    source::{self, Tree},
    types::Types,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A tree with its types, and the files that say where it is.
pub(crate) struct SchemaSource {
    pub(crate) catalog: Catalog,
    pub(crate) types: Types,
    /// The root folder, from the package's own.
    root: String,
    /// The files that say where it is, from the package's folder.
    settings: Vec<String>,
}

type Stamp = Vec<(PathBuf, u64, Option<SystemTime>)>;
/// The trees of packages, with their files as they were when they were read.
type Trees = HashMap<PathBuf, (Stamp, Arc<SchemaSource>)>;

/// The files of a tree, before anything is made of them.
pub(crate) struct TreeFiles {
    location: TreeLocation,
    tree: Tree,
    root: String,
    settings: Vec<String>,
}

/// Returns the tree of the package.
///
/// # Errors
/// A line for each thing that is wrong before the tree is read.
pub(crate) fn open() -> Result<Arc<SchemaSource>, String> {
    // The compiler runs all macros of a crate in one process; an editor keeps it for days.
    static TREES: Mutex<Option<Trees>> = Mutex::new(None);
    let package = package()?;
    let location = locate(&package, None)?;
    let stamp = stamp(&location);
    let mut trees = TREES.lock().unwrap_or_else(PoisonError::into_inner);
    let trees = trees.get_or_insert_default();
    if let Some((_, known)) = trees.get(&package).filter(|(known, _)| *known == stamp) {
        return Ok(known.clone());
    }
    let source = Arc::new(TreeFiles::read(&package, location)?.understand());
    trees.insert(package, (stamp, source.clone()));
    Ok(source)
}

/// Returns the files of the package's tree, or of that in a folder of it.
///
/// # Errors
/// As [`open`].
pub(crate) fn read(folder: Option<&str>) -> Result<TreeFiles, String> {
    let package = package()?;
    TreeFiles::read(&package, locate(&package, folder)?)
}

fn package() -> Result<PathBuf, String> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    package.ok_or_else(|| "there is no package around this macro: CARGO_MANIFEST_DIR, which Cargo sets, is missing".to_owned())
}

fn locate(package: &Path, folder: Option<&str>) -> Result<TreeLocation, String> {
    let location = match folder {
        Some(folder) => locate::locate_folder(package, folder),
        None => locate::locate(package),
    };
    location.map_err(|problems| lines(problems.iter().map(|problem| named_from(package, problem)).collect::<Vec<_>>().iter()))
}

impl TreeFiles {
    fn read(package: &Path, location: TreeLocation) -> Result<Self, String> {
        let root = slashes(&relative(package, &location.schemas));
        let mut tree = Tree::read(&location.schemas, &location.config.limits)
            .map_err(|error| format!("cannot read the folder {root}: {error}; put the schemas there, or name another folder"))?;
        // A macro is remembered by the texts of its tree, so there is nothing around it.
        tree.around = None;
        for file in &mut tree.files {
            file.shown = format!("{root}/{}", file.path).into();
        }
        for problem in &mut tree.diagnostics {
            *problem = named_from(package, problem);
        }
        let settings = location.read.iter().map(|file| slashes(&relative(package, file))).collect();
        Ok(Self { location, tree, root, settings })
    }

    /// Returns the root folder, from the package's own.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// Returns all texts that decide what is made of the tree: where it is, its configuration, and the path and text of each file.
    pub(crate) fn texts(&self) -> Vec<Cow<'_, str>> {
        let place = format!("{:?} {:?}", self.root, self.settings);
        let config = self.location.config.document.as_ref().map_or("", |document| &document.text);
        let mut texts = vec![place.into(), config.into()];
        texts.extend(self.tree.files.iter().flat_map(|file| [&*file.path, &*file.text]).map(Cow::from));
        texts
    }

    /// Returns whether every file could be read.
    pub(crate) fn are_whole(&self) -> bool {
        self.tree.diagnostics.is_empty()
    }

    /// Makes contracts and types of the files.
    pub(crate) fn understand(self) -> SchemaSource {
        let catalog = Catalog::build(self.tree, self.location.config);
        let types = Types::derive(&catalog);
        SchemaSource { catalog, types, root: self.root, settings: self.settings }
    }
}

impl SchemaSource {
    /// Returns the code that makes the compiler watch files besides the source: a constant for each file, which is nowhere in
    /// the program.
    pub(crate) fn tracked(&self, files: impl Iterator<Item = FileId>) -> TokenStream {
        let files = files.map(|file| format!("{}/{}", self.root, self.catalog.schemas.file(file).path));
        let paths = files.chain(self.settings.iter().cloned()).map(|path| {
            if Path::new(&path).is_absolute() {
                let path = Literal::string(&path);
                return quote!(#path);
            }
            let path = Literal::string(&format!("/{path}"));
            quote!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path))
        });
        quote!(#(const _: &[u8] = ::core::include_bytes!(#paths);)*)
    }
}

/// Returns all errors, a line for each, with its place and what to do; `None` where there is none.
pub(crate) fn errors<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> Option<String> {
    let mut errors = diagnostics.filter(|diagnostic| diagnostic.level == Level::Error).peekable();
    errors.peek()?;
    Some(lines(errors))
}

/// Returns a line for each, with its place and what to do.
pub(crate) fn lines<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> String {
    let line = |found: &Diagnostic| {
        let leads_out = [&diagnostic::OUTSIDE_ROOT, &diagnostic::UNRESOLVED_REF, &diagnostic::ABSENT_URL].contains(&found.rule);
        let beyond = leads_out.then_some("a macro reads the folder alone: a build script with eventc-build reads what lies around it too");
        let said = [Some(found.message.as_str()), found.help.as_deref(), beyond];
        format!("{}: {}", found.place, said.into_iter().flatten().collect::<Vec<_>>().join("; "))
    };
    diagnostics.map(line).collect::<Vec<_>>().join("\n")
}

/// Returns a finding whose file is named from the package's folder.
fn named_from(package: &Path, found: &Diagnostic) -> Diagnostic {
    let mut found = found.clone();
    let path = relative(package, Path::new(&*found.place.file));
    found.place.file = if path.as_os_str().is_empty() { "the package".into() } else { slashes(&path).into() };
    found
}

fn stamp(location: &TreeLocation) -> Stamp {
    let mut stamp = source::stamp(&location.schemas);
    stamp.extend(location.read.iter().flat_map(|file| source::stamp(file)));
    stamp
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use eventc_model::diagnostic::Place;

    use super::*;

    #[test]
    fn what_leads_out_of_the_folder_says_who_follows_it() {
        for (rule, names_build) in [(&diagnostic::OUTSIDE_ROOT, true), (&diagnostic::ABSENT_URL, true), (&diagnostic::AVRO, false)] {
            let found = Diagnostic::new(rule, Place::whole("a.json"), "a mistake".to_owned()).help("a way out");
            let said = lines([&found].into_iter());
            assert!(said.ends_with("a mistake; a way out") || names_build, "{said}");
            assert_eq!(said.contains("eventc-build"), names_build, "{said}");
        }
    }
}
