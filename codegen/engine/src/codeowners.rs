//! CODEOWNERS: who on the code host has to look at which contract.
//!
//! Owners have their contracts. Those who may approve breaks have what the gate trusts in: the configuration, the releases, this file
//! itself, and every schema that accepts a finding of the gate by an `allow`. Whoever adds an `allow` changes these lines, `--check`
//! notices, and the code host asks those who may approve.

use std::collections::BTreeMap;

use eventc_model::{
    catalog::{Catalog, Contract},
    config::Config,
    handle::Handle,
};

use crate::rules::gate as rules;

/// Begins the lines that eventc writes.
pub const BEGIN: &str = "# eventc: owners of event contracts; made by `eventc codeowners --write`, do not edit";
/// Ends the lines that eventc writes.
pub const END: &str = "# eventc: end";

/// The path of the file below the top of the repository.
pub const FILE: &str = ".github/CODEOWNERS";

/// Returns the lines between the markers. `prefix` is the folder of eventc.toml below the top of the repository: empty, or ending in `/`.
///
/// ```
/// use eventc_codegen::codeowners;
/// use eventc_codegen::model::{catalog::Catalog, config::Config, source::{Limits, Tree}};
///
/// let (config, _) = Config::parse("eventc.toml", "[[namespace]]\nname = \"shop\"\n[owners.sales]\nhandles = [\"@shop/sales\"]\n");
/// let files = [("order/created.json", r#"{"x-event": {"owner": "sales"}}"#), ("order/paid.json", r#"{"x-event": {"owner": "sales"}}"#)];
/// let catalog = Catalog::build(Tree::from_texts(files, &Limits::default()), config);
/// assert_eq!(codeowners::lines(&catalog, ""), ["/schemas/events/ @shop/sales"]);
/// ```
pub fn lines(catalog: &Catalog, prefix: &str) -> Vec<String> {
    let config = &catalog.config;
    let folder = |path: &str| format!("/{prefix}{}", path.trim_matches('/').trim_start_matches("./"));
    let root = folder(&config.schemas);
    let mut tree = Folder::default();
    for contract in &catalog.contracts {
        tree.add(&catalog.schemas.file(contract.file).path, handles(config, contract.metadata.owner.as_deref()));
    }
    let mut lines = Vec::new();
    tree.write(&root, &mut lines);
    let approvers = words(approvers(config));
    if !approvers.is_empty() {
        let allowing = catalog.contracts.iter().filter(|contract| accepts(contract));
        let mut paths: Vec<String> = allowing.map(|contract| format!("{root}/{}", catalog.schemas.file(contract.file).path)).collect();
        paths.sort();
        paths.extend([folder("eventc.toml"), format!("{}/", folder(&config.releases)), format!("/{FILE}")]);
        lines.extend(paths.iter().map(|path| format!("{} {}", pattern(path), approvers)));
    }
    lines
}

/// Returns the text of the file with these lines in it, everything else as it was.
pub fn merged(text: &str, lines: &[String]) -> String {
    let block = format!("{BEGIN}\n{}{END}\n", lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>());
    let Some(start) = text.find(BEGIN) else {
        let gap = if text.is_empty() || text.ends_with("\n\n") {
            ""
        } else if text.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        return format!("{text}{gap}{block}");
    };
    let end = text[start..].find(END).map_or(text.len(), |at| {
        let after = start + at + END.len();
        after + text[after..].find('\n').map_or(text.len() - after, |at| at + 1)
    });
    format!("{}{block}{}", &text[..start], &text[end..])
}

fn handles<'a>(config: &'a Config, owner: Option<&str>) -> &'a [Handle] {
    owner.and_then(|owner| config.owners.get(owner)).map_or(&[], |owner| &owner.handles)
}

fn approvers(config: &Config) -> Vec<&Handle> {
    let mut all: Vec<&Handle> = config.approvals.breaks.iter().flat_map(|name| handles(config, Some(name))).collect();
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|handle| seen.insert(*handle));
    all
}

/// Returns the handles, one after the other.
fn words<'a>(handles: impl IntoIterator<Item = &'a Handle>) -> String {
    handles.into_iter().map(|handle| &**handle).collect::<Vec<_>>().join(" ")
}

/// Returns whether a contract accepts a finding of the gate.
fn accepts(contract: &Contract) -> bool {
    contract.metadata.allow.iter().any(|allow| rules::find(&allow.rule).is_some())
}

/// A folder of contracts, to say with few lines who owns what.
#[derive(Default)]
struct Folder<'a> {
    folders: BTreeMap<String, Folder<'a>>,
    files: BTreeMap<String, &'a [Handle]>,
}

impl<'a> Folder<'a> {
    fn add(&mut self, path: &str, owners: &'a [Handle]) {
        match path.split_once('/') {
            Some((folder, rest)) => self.folders.entry(folder.to_owned()).or_default().add(rest, owners),
            None => drop(self.files.insert(path.to_owned(), owners)),
        }
    }

    /// Returns the owners that every contract below has.
    fn shared(&self) -> Option<&'a [Handle]> {
        let mut all = self.files.values().copied().map(Some).chain(self.folders.values().map(Self::shared));
        let first = all.next()??;
        all.all(|owners| owners == Some(first)).then_some(first)
    }

    fn write(&self, path: &str, lines: &mut Vec<String>) {
        let mut line = |path: &str, owners: &[Handle]| {
            if !owners.is_empty() {
                lines.push(format!("{} {}", pattern(path), words(owners)));
            }
        };
        if let Some(owners) = self.shared() {
            return line(&format!("{path}/"), owners);
        }
        for (name, owners) in &self.files {
            line(&format!("{path}/{name}"), owners);
        }
        for (name, folder) in &self.folders {
            folder.write(&format!("{path}/{name}"), lines);
        }
    }
}

/// Returns a path as a pattern: a space is escaped; what patterns give a meaning, and cannot escape, matches any one character.
fn pattern(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            ' ' => out.push_str("\\ "),
            '*' | '[' | ']' | '!' | '#' | '\\' => out.push('?'),
            c if c.is_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use eventc_model::source::{Limits, Tree};

    use super::*;

    fn catalog(approvals: &str, files: &[(&str, &str)]) -> Catalog {
        let text = format!(
            "[[namespace]]\nname = \"shop\"\n[owners.a]\nhandles = [\"@x/a\"]\n[owners.b]\nhandles = [\"@x/b\", \"@bob\"]\n[owners.quiet]\n{approvals}"
        );
        let (config, problems) = Config::parse("eventc.toml", &text);
        assert!(problems.is_empty(), "{problems:?}");
        Catalog::build(Tree::from_texts(files.iter().copied(), &Limits::default()), config)
    }

    #[test]
    fn folders_stand_for_what_they_hold() {
        let (a, b, quiet) = (r#"{"x-event": {"owner": "a"}}"#, r#"{"x-event": {"owner": "b"}}"#, r#"{"x-event": {"owner": "quiet"}}"#);
        let files = [("m/x.json", a), ("m/deep/y.json", a), ("n/x.json", a), ("n/my #1.json", b), ("o/z.json", quiet), ("p/z.json", "{}")];
        let expected = ["/sub/schemas/events/m/ @x/a", "/sub/schemas/events/n/my\\ ?1.json @x/b @bob", "/sub/schemas/events/n/x.json @x/a"];
        assert_eq!(lines(&catalog("", &files), "sub/"), expected);
    }

    #[test]
    fn those_who_approve_own_what_the_gate_trusts_in() {
        let allow = r#"{"x-event": {"owner": "a", "allow": [{"rule": "EV341", "reason": "r", "by": "b"}]}}"#;
        let lint = r#"{"x-event": {"owner": "a", "allow": [{"rule": "no-consumer", "reason": "r"}]}}"#;
        let found = lines(&catalog("[approvals]\nbreaks = [\"b\"]\n", &[("x.json", allow), ("y.json", lint)]), "");
        let expected = [
            "/schemas/events/ @x/a",
            "/schemas/events/x.json @x/b @bob",
            "/eventc.toml @x/b @bob",
            "/schemas/releases/ @x/b @bob",
            "/.github/CODEOWNERS @x/b @bob",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_rest_of_the_file_stays() {
        let lines = ["/a @x".to_owned()];
        let block = format!("{BEGIN}\n/a @x\n{END}\n");
        assert_eq!(merged("", &lines), block);
        assert_eq!(merged("* @me", &lines), format!("* @me\n\n{block}"));
        assert_eq!(merged("* @me\n", &lines), format!("* @me\n\n{block}"));
        let old = format!("* @me\n\n{BEGIN}\n/old @y\n/older @y\n{END}\n# mine\n");
        assert_eq!(merged(&old, &lines), format!("* @me\n\n{block}# mine\n"));
        assert_eq!(merged(&merged(&old, &lines), &lines), merged(&old, &lines));
        assert_eq!(merged(&format!("a\n{BEGIN}\nrest"), &lines), format!("a\n{block}"));
    }
}
