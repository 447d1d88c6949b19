//! Files as they are in a commit: the only file that runs `git`.
//!
//! Objects are read and nothing else: no working tree, no index, no hooks, no network, and no promise that a partial clone could
//! keep by fetching. What a person names as a reference is never taken for an option.

#![allow(clippy::disallowed_methods, reason = "this file is the one that runs git")]

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
};

use eventc_model::{source::RepositoryState, text::display_path};

/// A reason that a commit could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program cannot be started or talked to.
    #[error("cannot run git: {0}\nhelp: install git, or name another checkout by dir:PATH")]
    Run(#[from] io::Error),
    /// The folder is in no repository, or git refuses it.
    #[error(
        "{} is in no git repository that can be read: {why}\nhelp: run it inside a clone, or name another checkout by dir:PATH",
        display_path(folder)
    )]
    NoRepository {
        /// The folder.
        folder: PathBuf,
        /// The message of git.
        why: String,
    },
    /// The reference names no commit here.
    #[error("git:{reference} names no commit of this clone{}", missing_help(*.shallow))]
    Missing {
        /// The name that was asked for.
        reference: String,
        /// Whether the clone is shallow.
        shallow: bool,
    },
    /// The commit that both sides come from is not here.
    #[error("HEAD and git:{reference} have no common commit in this clone{}", missing_help(*.shallow))]
    Unrelated {
        /// The name that was asked for.
        reference: String,
        /// Whether the clone is shallow.
        shallow: bool,
    },
    /// The clone has left out objects that the commit is made of.
    #[error(
        "git:{reference} cannot be read whole: this clone is partial, and nothing is fetched here\n\
         help: fetch the rest by `git fetch --refetch --no-filter origin`, or clone without `--filter`; in GitHub Actions give \
         actions/checkout no `filter`, in GitLab CI unset GIT_CLONE_EXTRA_FLAGS"
    )]
    Partial {
        /// The commit.
        reference: String,
    },
    /// git failed for another reason.
    #[error("git {what} failed: {why}")]
    Failed {
        /// The request.
        what: String,
        /// The answer.
        why: String,
    },
}

fn missing_help(shallow: bool) -> &'static str {
    if shallow {
        ", which is shallow\nhelp: fetch the history by `git fetch --unshallow`; in GitHub Actions give actions/checkout `fetch-depth: 0`, \
         in GitLab CI set GIT_DEPTH: 0"
    } else {
        "\nhelp: fetch it first, for example by `git fetch origin main`, and name it as git:origin/main"
    }
}

/// A repository, seen from one of its folders.
#[derive(Debug)]
pub(super) struct Repository {
    folder: PathBuf,
    /// The folder below the top of the repository: empty, or ending in `/`.
    prefix: String,
}

/// A file of a commit.
#[derive(Debug)]
struct CommitFile {
    mode: String,
    object: String,
    size: u64,
    path: String,
}

/// The mode of a symbolic link.
const LINK: &str = "120000";

/// The files of a commit, each read when it is asked for.
#[derive(Debug)]
pub(super) struct Commit {
    pub(super) repository: Repository,
    pub(super) id: String,
    /// The text before a path in messages: `origin/main:`.
    pub(super) name: String,
}

impl RepositoryState for Commit {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self, path: &str, limit: u64) -> Option<Vec<u8>> {
        // What git cannot read is not there: a reference to it is told as leading nowhere.
        self.repository.blob(&self.id, path, limit).ok()?
    }
}

/// Reads a line of `git ls-tree -l`; `None` for what is no file.
fn commit_file(line: &str) -> Option<CommitFile> {
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split_ascii_whitespace();
    let (mode, kind, object, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let size = size.parse().ok()?;
    (kind == "blob").then(|| CommitFile { mode: mode.into(), object: object.into(), size, path: path.into() })
}

impl Repository {
    /// Returns the repository that holds a folder.
    pub(super) fn open(folder: &Path) -> Result<Self, GitError> {
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_path_buf() };
        let mut repository = Self { folder, prefix: String::new() };
        let output = repository.command(&["rev-parse", "--show-prefix"]).output()?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(GitError::NoRepository { folder: repository.folder, why });
        }
        String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).clone_into(&mut repository.prefix);
        Ok(repository)
    }

    /// Returns the commit to compare with: the one that a reference names or, for a branch, the one where HEAD left it.
    pub(super) fn commit(&self, reference: &str) -> Result<String, GitError> {
        let missing = || GitError::Missing { reference: reference.to_owned(), shallow: self.is_shallow() };
        if reference.is_empty() || reference.contains(['\0', '\n']) {
            return Err(missing());
        }
        let verify = |text: &str| self.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", text]);
        let commit = verify(&format!("{reference}^{{commit}}"))?.ok_or_else(missing)?;
        let full = self.text(&["rev-parse", "--verify", "--quiet", "--symbolic-full-name", "--end-of-options", reference])?;
        let is_branch =
            reference != "HEAD" && full.is_some_and(|name| name.starts_with("refs/heads/") || name.starts_with("refs/remotes/"));
        if !is_branch {
            return Ok(commit);
        }
        let base = self.text(&["merge-base", "HEAD", &commit])?;
        base.ok_or_else(|| GitError::Unrelated { reference: reference.to_owned(), shallow: self.is_shallow() })
    }

    /// Returns the files below a folder, which is relative to that of the repository object, with their paths below it; those that `wanted`
    /// leaves out, or that are larger than `limit` bytes, are passed over.
    pub(super) fn files(
        &self,
        commit: &str,
        folder: &str,
        limit: u64,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<(String, Vec<u8>)>, GitError> {
        let Some(folder) = normal(&format!("{}{folder}", self.prefix)) else { return Ok(Vec::new()) };
        let mut entries = self.list(commit, &folder)?;
        entries.retain(|entry| entry.size <= limit && wanted(&entry.path));
        let texts = self.read(entries.iter().map(|entry| entry.object.clone()).collect())?;
        let by_path: HashMap<&str, usize> = entries.iter().enumerate().map(|(index, entry)| (entry.path.as_str(), index)).collect();
        let mut files = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let mut at = Some(index);
            if entry.mode == LINK {
                let target = String::from_utf8_lossy(&texts[index]);
                let parent = entry.path.rsplit_once('/').map_or("", |(parent, _)| parent);
                at = normal(&format!("{parent}/{target}")).and_then(|path| by_path.get(path.as_str()).copied());
            }
            files.extend(at.map(|at| (entry.path.clone(), texts[at].clone())));
        }
        Ok(files)
    }

    /// Returns the top of the repository on disk, and the path of a folder below it, which is relative to that of the repository object.
    pub(super) fn placed(&self, folder: &str) -> Option<(PathBuf, PathBuf)> {
        let depth = self.prefix.split('/').filter(|part| !part.is_empty()).count();
        let top = self.folder.canonicalize().ok()?.ancestors().nth(depth)?.to_path_buf();
        let below = normal(&format!("{}{folder}", self.prefix))?;
        let root = if below.is_empty() { top.clone() } else { top.join(below) };
        Some((top, root))
    }

    /// Returns the bytes of a file, by its path from the top of the repository; `None` where the commit has no such file, or it is a link.
    fn blob(&self, commit: &str, path: &str, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        let text = self.tree(commit, &["-l", "-z", "--full-tree", commit, "--", path])?;
        let file = text.split('\0').filter_map(commit_file).find(|file| file.path == path);
        let Some(file) = file.filter(|file| file.mode != LINK && file.size <= limit) else { return Ok(None) };
        Ok(self.read(vec![file.object])?.pop())
    }

    /// Reads one file; `None` where the commit has none of that path, which is relative to the folder of the repository object.
    pub(super) fn file(&self, commit: &str, path: &str) -> Result<Option<String>, GitError> {
        let Some(path) = normal(&format!("{}{path}", self.prefix)) else { return Ok(None) };
        let Some(object) = self.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{commit}:{path}")])? else {
            return Ok(None);
        };
        let text = self.read(vec![object])?.pop();
        Ok(text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Returns the commits before HEAD that changed a file, newest first. The path is relative to the folder of the repository object.
    pub(super) fn commits(&self, path: &str) -> Result<Vec<String>, GitError> {
        let output = self.command(&["rev-list", "HEAD", "--", path]).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
    }

    fn is_shallow(&self) -> bool {
        self.text(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer.as_deref() == Some("true"))
    }

    fn list(&self, commit: &str, folder: &str) -> Result<Vec<CommitFile>, GitError> {
        let below = if folder.is_empty() { commit.to_owned() } else { format!("{commit}:{folder}") };
        let Some(below) = self.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &below])? else {
            // A folder that is not there, unless the way to it cannot be read.
            self.tree(commit, &["--full-tree", commit, "--", folder])?;
            return Ok(Vec::new());
        };
        let text = self.tree(commit, &["-r", "-l", "-z", "--full-tree", &below])?;
        Ok(text.split('\0').filter_map(commit_file).collect())
    }

    /// Returns what git prints of a tree of a commit.
    fn tree(&self, commit: &str, args: &[&str]) -> Result<String, GitError> {
        let output = self.command(&[&["ls-tree"], args].concat()).output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        if self.text(&["config", "--get-regexp", r"^(remote\..*\.promisor|extensions\.partialclone)$"])?.is_some() {
            return Err(GitError::Partial { reference: commit.to_owned() });
        }
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(GitError::Failed { what: "ls-tree".into(), why })
    }

    /// Returns the contents of objects, in their order.
    fn read(&self, objects: Vec<String>) -> Result<Vec<Vec<u8>>, GitError> {
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        let mut child = self.command(&["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let count = objects.len();
        let result = talk(&mut child, objects, count);
        child.wait()?;
        result
    }

    /// Returns the first line of what a command prints; `None` where it fails.
    fn text(&self, args: &[&str]) -> Result<Option<String>, GitError> {
        let output = self.command(args).stderr(Stdio::null()).output()?;
        let text = String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or("").to_owned();
        Ok((output.status.success() && !text.is_empty()).then_some(text))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder);
        for setting in ["core.hooksPath=/dev/null", "core.fsmonitor=false", "protocol.allow=never"] {
            command.args(["-c", setting]);
        }
        command.args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"]).args(args);
        // A hook runs with these set for its own repository; here the folder decides.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(name);
        }
        // No setting of the repository can allow a protocol against this list, which is empty.
        command
            .env("GIT_ALLOW_PROTOCOL", "")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("LC_ALL", "C");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// Asks for objects on one side and reads them on the other, so that neither waits for the other's full pipe.
fn talk(child: &mut Child, objects: Vec<String>, count: usize) -> Result<Vec<Vec<u8>>, GitError> {
    let failed = || GitError::Failed { what: "cat-file".into(), why: "it closed its streams".into() };
    let (mut input, output) = (child.stdin.take().ok_or_else(failed)?, child.stdout.take().ok_or_else(failed)?);
    thread::scope(|scope| {
        let ask = scope.spawn(move || objects.iter().try_for_each(|object| writeln!(input, "{object}")));
        let mut output = BufReader::new(output);
        let contents = (0..count).map(|_| content(&mut output)).collect::<Result<Vec<_>, _>>();
        // Where reading went well, asking did; the reader knows more of what went wrong.
        let _ = ask.join();
        contents
    })
}

/// Reads `<object> blob <size>`, a line end, the bytes, a line end (git-cat-file, "BATCH OUTPUT").
fn content(output: &mut BufReader<ChildStdout>) -> Result<Vec<u8>, GitError> {
    let mut head = String::new();
    output.read_line(&mut head)?;
    let size = head.split_ascii_whitespace().nth(2).and_then(|size| size.parse::<usize>().ok());
    let size = size.ok_or_else(|| GitError::Failed { what: "cat-file".into(), why: format!("it said {:?}", head.trim_end()) })?;
    let mut bytes = vec![0; size + 1];
    output.read_exact(&mut bytes)?;
    bytes.pop();
    Ok(bytes)
}

/// Returns a path with `/` between its parts, without `.`, `..` and empty parts; `None` where it climbs out of the top.
fn normal(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn paths_stay_below_the_top() {
        assert_eq!(normal("a/./b//c/../d").as_deref(), Some("a/b/d"));
        assert_eq!(normal("").as_deref(), Some(""));
        assert_eq!(normal("a/../.."), None);
    }
}
