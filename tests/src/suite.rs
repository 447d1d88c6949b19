//! The JSON Schema Test Suite, as trees of schemas.
//!
//! Each group of the suite is a schema with documents that it accepts or refuses. [`Draft::read`] takes the groups of a draft,
//! [`Draft::tree`] makes them the contracts of one tree: what says no `$schema` gets that of its draft, which is how a tree of files
//! names its dialect. The suite expects `remotes/` to be served from `http://localhost:1234/`; nothing is served here, so these
//! files stand in the tree and declare that URL as their `$id`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use eventc_model::source::{Limits, Tree};
use serde_json::{Map, Value, json};

use crate::tools::test_suite;

/// The address at which the suite expects its remotes.
const HOST: &str = "http://localhost:1234/";

/// A draft: the suite's name for it, and the dialect of its schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draft {
    /// The name of the suite's folder.
    pub folder: &'static str,
    /// The URI of its meta-schema.
    pub uri: &'static str,
    /// The keyword that names a schema.
    id: &'static str,
}

/// The drafts that the suite is run for.
pub const DRAFTS: [Draft; 5] = [
    Draft { folder: "draft4", uri: "http://json-schema.org/draft-04/schema#", id: "id" },
    Draft { folder: "draft6", uri: "http://json-schema.org/draft-06/schema#", id: "$id" },
    Draft { folder: "draft7", uri: "http://json-schema.org/draft-07/schema#", id: "$id" },
    Draft { folder: "draft2019-09", uri: "https://json-schema.org/draft/2019-09/schema", id: "$id" },
    Draft { folder: "draft2020-12", uri: "https://json-schema.org/draft/2020-12/schema", id: "$id" },
];

/// A schema with documents that it accepts or refuses.
#[derive(Debug, Clone)]
pub struct TestGroup {
    /// The file without its ending: the keyword, with `optional/` before it where no implementation must pass it.
    pub keyword: String,
    /// A description of what is tested.
    pub description: String,
    /// The schema.
    pub schema: Value,
    /// The documents.
    pub tests: Vec<Test>,
    /// The path of the schema in the tree.
    pub path: String,
}

/// A document, and whether the schema accepts it.
#[derive(Debug, Clone)]
pub struct Test {
    /// A description of what is tested.
    pub description: String,
    /// The document.
    pub data: Value,
    /// Whether the schema accepts it.
    pub valid: bool,
}

impl Draft {
    /// Returns every group of the draft whose keyword is wanted, in order of file and position.
    ///
    /// # Panics
    /// Where the suite cannot be installed, or is not what it was.
    pub fn read(self, wanted: impl Fn(&str) -> bool) -> Vec<TestGroup> {
        let root = test_suite().join("tests").join(self.folder);
        let mut groups = Vec::new();
        for (path, text) in texts(&root) {
            let keyword = path.trim_end_matches(".json");
            if !wanted(keyword) {
                continue;
            }
            let listed: Value = serde_json::from_str(&text).expect("a file of the suite");
            for (index, listed) in listed.as_array().expect("a list of groups").iter().enumerate() {
                groups.push(group(keyword, index, listed));
            }
        }
        groups
    }

    /// Returns the groups as contracts of one tree, with the remotes that they refer to.
    ///
    /// # Panics
    /// Where the suite cannot be installed, or is not what it was.
    pub fn tree(self, groups: &[TestGroup]) -> Tree {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for group in groups {
            files.insert(group.path.clone(), with(&group.schema, "$schema", self.uri).to_string());
        }
        let remotes = texts(&test_suite().join("remotes"));
        let mut referring: Vec<String> = files.values().cloned().collect();
        while let Some(text) = referring.pop() {
            for (path, remote) in &remotes {
                // By its URL, or by a relative reference below some other URL of the host.
                let relative = path.match_indices('/').map(|(at, _)| &path[at + 1..]).chain([path.as_str()]);
                let below = |end: &str| text.contains(&format!("\"{end}")) && path.split('/').all(|part| text.contains(part));
                let meant = text.contains(&format!("{HOST}{path}")) || (text.contains(HOST) && relative.into_iter().any(below));
                if meant && !files.contains_key(&place(path)) {
                    let standing = self.remote(path, remote);
                    referring.extend(standing.iter().map(|(_, text)| text.clone()));
                    files.extend(standing);
                }
            }
        }
        Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default())
    }

    /// Returns the files that stand for a remote: itself under the URL that it is served from, and under its own name where
    /// that is another.
    fn remote(self, path: &str, text: &str) -> Vec<(String, String)> {
        let remote = with(&serde_json::from_str(text).expect("a remote of the suite"), "$schema", self.uri);
        let (served, declared) = (format!("{HOST}{path}"), remote.get(self.id).and_then(Value::as_str));
        let mut files = vec![(place(path), with(&remote, self.id, &served).to_string())];
        if let Some(declared) = declared.filter(|declared| *declared != served) {
            let alias = json!({"$schema": self.uri, self.id: served, "allOf": [{"$ref": declared}]});
            files.push((place(&format!("alias/{path}")), alias.to_string()));
        }
        files
    }
}

/// Returns groups of several drafts as contracts of one tree, each draft in a folder of its own; of groups that refer to no remote.
pub fn together(sets: &[(Draft, Vec<TestGroup>)]) -> (Tree, Vec<TestGroup>) {
    let (mut files, mut groups) = (BTreeMap::new(), Vec::new());
    for (draft, set) in sets {
        for group in set {
            let path = format!("{}/{}", draft.folder, group.path);
            files.insert(path.clone(), with(&group.schema, "$schema", draft.uri).to_string());
            groups.push(TestGroup { path, ..group.clone() });
        }
    }
    (Tree::from_texts(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &Limits::default()), groups)
}

/// Returns the path of a remote in the tree: that of a file which holds no contract.
fn place(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    format!("remotes/{folder}{}_{name}", if folder.is_empty() { "" } else { "/" })
}

/// Returns a schema with a keyword before all others, unless it has that already.
fn with(schema: &Value, keyword: &str, text: &str) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    if members.contains_key(keyword) {
        return schema.clone();
    }
    let mut out = Map::from_iter([(keyword.to_owned(), text.into())]);
    out.extend(members.clone());
    Value::Object(out)
}

fn group(keyword: &str, index: usize, listed: &Value) -> TestGroup {
    let text = |value: &Value| value.as_str().expect("a description").to_owned();
    let tests = listed["tests"].as_array().expect("a list of tests").iter().map(|test| Test {
        description: text(&test["description"]),
        data: test["data"].clone(),
        valid: test["valid"].as_bool().expect("a verdict"),
    });
    TestGroup {
        keyword: keyword.to_owned(),
        description: text(&listed["description"]),
        schema: listed["schema"].clone(),
        tests: tests.collect(),
        // A folder of its own: relative references in one group mean nothing in another.
        path: format!("{keyword}/case{index:02}/schema.json"),
    }
}

/// Returns every JSON file below a folder, by its path there.
fn texts(root: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the suite").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Some(below) = path
                .strip_prefix(root)
                .ok()
                .and_then(Path::to_str)
                .filter(|path| Path::new(path).extension().is_some_and(|end| end == "json"))
            {
                texts.insert(below.replace('\\', "/"), fs::read_to_string(&path).expect("a file of the suite"));
            }
        }
    }
    texts
}
