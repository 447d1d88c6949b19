//! Other states of the tree to compare with: a commit, or another checkout.

mod git;

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::{Diagnostic, Level},
    locate::lexical,
    source::{Around, SourceFile, SourceFormat, Tree},
    text::display_path,
};

pub use self::git::GitError;
use self::git::{Commit, Repository};
use crate::project::CONFIG;

/// The location of an earlier state of the tree.
///
/// ```
/// use eventc_codegen::baseline::Baseline;
///
/// assert_eq!("git:origin/main".parse(), Ok(Baseline::Git("origin/main".into())));
/// assert_eq!("dir:../old".parse(), Ok(Baseline::Dir("../old".into())));
/// assert!("main".parse::<Baseline>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// A commit of the repository that holds the project; for a branch, the commit where HEAD left it.
    Git(String),
    /// The folder of another checkout: where its eventc.toml is, or its schema root.
    Dir(PathBuf),
}

impl FromStr for Baseline {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("git", reference)) if !reference.is_empty() => Ok(Self::Git(reference.to_owned())),
            Some(("dir", path)) if !path.is_empty() => Ok(Self::Dir(path.into())),
            _ => Err("git:REF or dir:PATH, for example git:origin/main".to_owned()),
        }
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Git(reference) => write!(f, "git:{reference}"),
            Self::Dir(path) => write!(f, "dir:{}", path.display()),
        }
    }
}

/// An earlier state of the tree.
#[derive(Debug)]
pub struct BaselineTree {
    /// The name in messages.
    pub name: String,
    /// Its contracts.
    pub catalog: Catalog,
    /// The texts of its releases, by path below its releases folder.
    pub releases: BTreeMap<String, Arc<str>>,
}

/// A reason that an earlier state cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// git said no.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A folder or file cannot be read.
    #[error("cannot read {}: {source}", display_path(path))]
    Unreadable {
        /// The path that cannot be read.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Its configuration is wrong.
    #[error("the configuration of {name} is wrong: {}", .problems.iter().map(crate::report::short).collect::<Vec<_>>().join("; "))]
    Config {
        /// The baseline.
        name: String,
        /// Every mistake in it.
        problems: Vec<Diagnostic>,
    },
}

impl Baseline {
    /// Reads the state. `base` is the folder of the project's configuration; `config` holds where the state has none of its own.
    ///
    /// # Errors
    /// Where git, a folder or the state's configuration cannot be read. Schemas that cannot be read are left out: they were wrong then.
    pub fn load(&self, base: &Path, config: &Config) -> Result<BaselineTree, BaselineError> {
        match self {
            Self::Git(reference) => self.load_commit(reference, base, config),
            Self::Dir(folder) => self.load_folder(folder, config),
        }
    }

    fn load_commit(&self, reference: &str, base: &Path, config: &Config) -> Result<BaselineTree, BaselineError> {
        let repository = Repository::open(base)?;
        let commit = repository.commit(reference)?;
        let config = match repository.file(&commit, CONFIG)? {
            Some(text) => self.parse(&format!("{reference}:{CONFIG}"), &text)?,
            None => config.clone(),
        };
        let read = |folder: &str, format: Format| -> Result<Tree, BaselineError> {
            let mut tree = Tree { limits: config.limits.clone(), ..Tree::default() };
            for (path, bytes) in repository.files(&commit, folder, config.limits.file_bytes, |path| is_read(path, format))? {
                let shown = format!("{reference}:{}/{path}", folder.trim_matches('/'));
                tree.files.extend(source(path, shown, &bytes, format));
            }
            tree.files.sort_by(|a, b| a.path.cmp(&b.path));
            Ok(tree)
        };
        let (mut schemas, releases) = (read(&config.schemas, SourceFormat::of)?, read(&config.releases, SourceFormat::of_release)?);
        if let Some((top, root)) = repository.placed(&config.schemas) {
            let state = Commit { repository, id: commit, name: format!("{reference}:") };
            let mut around = Around::at(&top, &root, Arc::new(state));
            for (url, folder) in &config.map {
                // A folder that is gone answers nothing.
                let _ = around.map(url, &lexical(&base.canonicalize().unwrap_or_default().join(folder)));
            }
            schemas.around = Some(around);
        }
        Ok(self.earlier(schemas, releases, config))
    }

    fn load_folder(&self, folder: &Path, config: &Config) -> Result<BaselineTree, BaselineError> {
        let unreadable = |path: &Path| {
            let path = path.to_path_buf();
            move |source| BaselineError::Unreadable { path, source }
        };
        let file = folder.join(CONFIG);
        let (config, schemas) = if file.is_file() {
            let file = SourceFile::read(&file, SourceFormat::Toml).map_err(unreadable(&file))?;
            let config = self.parse(&file.shown, &file.text)?;
            let schemas = folder.join(&config.schemas);
            (config, schemas)
        } else {
            let inner = folder.join(&config.schemas);
            (config.clone(), if inner.is_dir() { inner } else { folder.to_path_buf() })
        };
        let tree = Tree::read(&schemas, &config.limits).map_err(unreadable(&schemas))?;
        // A checkout without releases has none to keep.
        let releases = Tree::read_releases(&folder.join(&config.releases), &config.limits).unwrap_or_default();
        Ok(self.earlier(tree, releases, config))
    }

    fn parse(&self, shown: &str, text: &str) -> Result<Config, BaselineError> {
        let (config, mut problems) = Config::parse(shown, text);
        problems.retain(|problem| problem.level == Level::Error);
        if problems.is_empty() { Ok(config) } else { Err(BaselineError::Config { name: self.to_string(), problems }) }
    }

    fn earlier(&self, schemas: Tree, releases: Tree, config: Config) -> BaselineTree {
        let releases = releases.files.into_iter().filter(|file| !file.unread).map(|file| (file.path, file.text)).collect();
        let mut catalog = Catalog::build(schemas, config);
        catalog.leave_broken_out();
        BaselineTree { name: self.to_string(), catalog, releases }
    }
}

/// Returns the texts that commits have of a file, newest first, by its path below a folder; none without a commit, a repository or git.
pub fn committed(base: &Path, path: &str) -> impl Iterator<Item = String> + use<> {
    let repository = Repository::open(base).ok();
    let commits = repository.as_ref().and_then(|repository| repository.commits(path).ok()).unwrap_or_default();
    let path = path.to_owned();
    commits.into_iter().filter_map(move |commit| repository.as_ref()?.file(&commit, &path).ok()?)
}

/// The format of a file by its path; `None` for one that is passed over.
type Format = fn(&str) -> Option<SourceFormat>;

/// Returns whether [`Tree::read`] would read a path.
fn is_read(path: &str, format: Format) -> bool {
    let hidden = |part: &str| part.starts_with('.') || part == "node_modules";
    format(path).is_some() && !path.split('/').any(hidden)
}

fn source(path: String, shown: String, bytes: &[u8], format: Format) -> Option<SourceFile> {
    let format = format(&path)?;
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
    Some(SourceFile { path, shown: shown.into(), format, text, unread: false })
}
