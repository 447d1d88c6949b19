//! The schema tree of the package that is being compiled, read once for all macros in it.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use eventc_model::{
    catalog::Catalog,
    diagnostic::{Diagnostic, Level},
    locate::{self, Location, relative},
    schema::FileId,
    source::{self, Tree},
    types::Types,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A tree with its types, and the files that say where it is.
pub(crate) struct Source {
    pub(crate) catalog: Catalog,
    pub(crate) types: Types,
    /// The root folder, from the package's own.
    root: String,
    /// The files that say where it is, from the package's folder.
    settings: Vec<String>,
    /// The files of the tree and those that say where it is, as they were read.
    stamp: Stamp,
}

type Stamp = Vec<(PathBuf, u64, Option<SystemTime>)>;
type Trees = HashMap<(PathBuf, Option<String>), Arc<Source>>;

/// The tree of the package, or that in a folder of it.
///
/// # Errors
/// A line for each thing that is wrong before the tree is read.
pub(crate) fn open(folder: Option<&str>) -> Result<Arc<Source>, String> {
    // The compiler runs all macros of a crate in one process; an editor keeps it for days.
    static TREES: Mutex<Option<Trees>> = Mutex::new(None);
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let package = package.ok_or("there is no package around this macro: CARGO_MANIFEST_DIR, which Cargo sets, is missing")?;
    let location = match folder {
        Some(folder) => locate::locate_folder(&package, folder),
        None => locate::locate(&package),
    };
    let location =
        location.map_err(|problems| lines(problems.iter().map(|problem| named_from(&package, problem)).collect::<Vec<_>>().iter()))?;
    let stamp = stamp(&location);
    let key = (package.clone(), folder.map(str::to_owned));
    let mut trees = TREES.lock().unwrap_or_else(PoisonError::into_inner);
    let trees = trees.get_or_insert_default();
    if let Some(known) = trees.get(&key).filter(|known| known.stamp == stamp) {
        return Ok(known.clone());
    }
    let source = Arc::new(Source::read(&package, location, stamp)?);
    trees.insert(key, source.clone());
    Ok(source)
}

impl Source {
    fn read(package: &Path, location: Location, stamp: Stamp) -> Result<Self, String> {
        let root = slashes(&relative(package, &location.schemas));
        let mut tree = Tree::read(&location.schemas, &location.config.limits)
            .map_err(|error| format!("cannot read the folder {root}: {error}; put the schemas there, or name another folder"))?;
        for file in &mut tree.files {
            file.shown = format!("{root}/{}", file.path).into();
        }
        for problem in &mut tree.diagnostics {
            *problem = named_from(package, problem);
        }
        let settings = location.read.iter().map(|file| slashes(&relative(package, file))).collect();
        let catalog = Catalog::build(tree, location.config);
        let types = Types::derive(&catalog);
        Ok(Self { catalog, types, root, settings, stamp })
    }

    /// The root folder, from the package's own.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// What the compiler should watch besides the source: a constant for each file, which is nowhere in the program.
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

/// All errors, a line for each, with its place and what to do; `None` where there is none.
pub(crate) fn errors<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> Option<String> {
    let mut errors = diagnostics.filter(|diagnostic| diagnostic.level == Level::Error).peekable();
    errors.peek()?;
    Some(lines(errors))
}

/// A line for each, with its place and what to do.
pub(crate) fn lines<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> String {
    let line = |found: &Diagnostic| {
        let help = found.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}: {}{help}", found.place, found.message)
    };
    diagnostics.map(line).collect::<Vec<_>>().join("\n")
}

/// A finding whose file is named from the package's folder.
fn named_from(package: &Path, found: &Diagnostic) -> Diagnostic {
    let mut found = found.clone();
    let path = relative(package, Path::new(&*found.place.file));
    found.place.file = if path.as_os_str().is_empty() { "the package".into() } else { slashes(&path).into() };
    found
}

fn stamp(location: &Location) -> Stamp {
    let mut stamp = source::stamp(&location.schemas);
    stamp.extend(location.read.iter().flat_map(|file| source::stamp(file)));
    stamp
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
