//! URIs that several schemas declare, and which of them a reference means.
//!
//! An `$id` should name one schema (2020-12, section 8.2.1), and what another means is left open. Published sets have such twins all the
//! same: a schema beside a stricter one, in JSON and in YAML, or embedded in bundles. A reference means the schema that it stands in, then
//! the one of its own file; and any of them, where all say the same.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use rustc_hash::FxBuildHasher;
use serde_json::Value;

use super::{Dead, Linker};
use crate::{
    diagnostic,
    schema::{FileId, NodeId, tail, uri::join, visit::Base},
    syntax::escape_pointer,
};

/// The maximum number of schemas that are named where a reference may mean several.
const MAX_NAMED_SCHEMAS: usize = 3;

/// The target that a reference leads to.
pub(super) enum UriTarget {
    Nothing,
    One(NodeId),
    /// The schemas that share a URI, and the first of them.
    Several(Arc<str>, NodeId),
}

/// The schemas that share a URI.
#[derive(Debug, Default)]
struct Claimants {
    /// All of them, the first first.
    all: Vec<NodeId>,
    by_file: HashMap<FileId, Vec<NodeId>, FxBuildHasher>,
}

impl Claimants {
    fn add(&mut self, id: NodeId) {
        self.all.push(id);
        self.by_file.entry(id.file).or_default().push(id);
    }
}

/// URIs that several schemas declare.
#[derive(Debug, Default)]
pub(super) struct SharedUris {
    claimants: HashMap<Arc<str>, Claimants, FxBuildHasher>,
    /// Those whose schemas differ: filled when a reference first depends on it.
    different: Option<HashSet<Arc<str>, FxBuildHasher>>,
}

impl SharedUris {
    /// Notes that a schema declares the URI of another, which was the first.
    pub(super) fn add(&mut self, uri: &Arc<str>, first: NodeId, id: NodeId) {
        let claimants = self.claimants.entry(uri.clone()).or_default();
        if claimants.all.is_empty() {
            claimants.add(first);
        }
        claimants.add(id);
        // One that only a reference's pointer leads to comes too late to be compared.
        if let Some(different) = &mut self.different {
            different.insert(uri.clone());
        }
    }

    pub(super) fn uris(&self) -> HashSet<Arc<str>, FxBuildHasher> {
        self.claimants.keys().cloned().collect()
    }
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}

impl Linker<'_> {
    /// Returns which of the schemas that declare a URI is meant in a resource; `first` is the first of them.
    pub(super) fn among(&self, base: &Base, uri: &Arc<str>, first: NodeId) -> UriTarget {
        let Some(claimants) = self.shared.claimants.get(uri) else { return UriTarget::One(first) };
        if base.uri == *uri {
            return UriTarget::One(base.root);
        }
        match claimants.by_file.get(&base.root.file).map(Vec::as_slice) {
            Some([only]) => UriTarget::One(*only),
            Some([first, ..]) => UriTarget::Several(uri.clone(), *first),
            // A path means the file, whatever other files say of themselves.
            _ => match self.at_path(uri).or_else(|| self.meant(uri, &claimants.all)) {
                Some(one) => UriTarget::One(one),
                None => UriTarget::Several(uri.clone(), first),
            },
        }
    }

    /// Returns the schema that a shared URI means wherever it stands: of whole files the one whose path the URI names, else the only one
    /// that is not a `current` or `latest` beside its versions.
    pub(super) fn meant(&self, uri: &str, claimants: &[NodeId]) -> Option<NodeId> {
        let is_whole = |id: &&NodeId| self.schemas.is_whole(**id);
        let whole: Vec<NodeId> = claimants.iter().filter(is_whole).copied().collect();
        let named = tail::segments(tail::path_of(uri));
        let path = |id: NodeId| tail::segments(&self.file(id.file).path);
        let most = whole.iter().map(|id| tail::common(&named, &path(*id), true)).max()?;
        let nearest = whole.iter().copied().filter(|id| tail::common(&named, &path(*id), true) == most && most > 0);
        let moves = |id: &NodeId| path(*id).iter().any(|part| ["current", "latest"].contains(&tail::stem(part)));
        let lasting = whole.iter().copied().filter(|id| !moves(id));
        only(nearest).or_else(|| only(lasting))
    }

    /// Returns whether all schemas that share a URI are equal, and what they refer to as well.
    pub(super) fn are_equal(&mut self, uri: &str) -> bool {
        if self.shared.different.is_none() {
            self.shared.different = Some(self.differing());
        }
        self.shared.different.as_ref().is_some_and(|different| !different.contains(uri))
    }

    /// Returns the URIs whose schemas differ: by what they say, or by what a reference in them means.
    fn differing(&self) -> HashSet<Arc<str>, FxBuildHasher> {
        let mut open = Vec::new();
        let mut dependents: HashMap<Arc<str>, Vec<&Arc<str>>, FxBuildHasher> = HashMap::default();
        for (uri, claimants) in &self.shared.claimants {
            let (first, others) = (claimants.all[0], &claimants.all[1..]);
            match others.iter().map(|other| self.equal_if(first, *other)).collect::<Option<Vec<_>>>() {
                Some(needed) => needed.into_iter().flatten().for_each(|needed| dependents.entry(needed).or_default().push(uri)),
                None => open.push(uri),
            }
        }
        let mut different = HashSet::default();
        while let Some(uri) = open.pop() {
            if different.insert(uri.clone()) {
                open.extend(dependents.get(uri).into_iter().flatten());
            }
        }
        different
    }

    /// Returns the URIs whose schemas must be equal for two schemas to be so; `None` where they differ in any case.
    fn equal_if(&self, one: NodeId, other: NodeId) -> Option<Vec<Arc<str>>> {
        let [first, second] = [one, other].map(|id| self.schemas.node(id));
        let alike = (first.dialect, first.without) == (second.dialect, second.without) && self.raw(one) == self.raw(other);
        let mut needed = Vec::new();
        let mut open = if alike { vec![(String::new(), self.raw(one))] } else { return None };
        while let Some((below, value)) = open.pop() {
            match value {
                Value::Object(members) => {
                    let texts = ["$ref", "$dynamicRef"].iter().filter_map(|keyword| members.get(*keyword)?.as_str());
                    for text in texts {
                        if !self.means_the_same([one, other], &below, text, &mut needed) {
                            return None;
                        }
                    }
                    open.extend(members.iter().map(|(key, member)| (format!("{below}/{}", escape_pointer(key)), member)));
                }
                Value::Array(items) => open.extend(items.iter().enumerate().map(|(index, item)| (format!("{below}/{index}"), item))),
                _ => {}
            }
        }
        Some(needed)
    }

    /// Returns whether a reference that stands at the same place below two schemas means the same, if schemas that share a URI are equal.
    fn means_the_same(&self, within: [NodeId; 2], below: &str, text: &str, needed: &mut Vec<Arc<str>>) -> bool {
        let at = |id: NodeId| self.schemas.at(id.file, &format!("{}{below}", self.schemas.pointer(id)));
        // What is no schema is text.
        let [Some(one), Some(other)] = within.map(at) else { return true };
        let uri = text.split('#').next().unwrap_or_default();
        let bases = [one, other].map(|id| &self.schemas.found[id.file.0 as usize].bases[id.index as usize]);
        let inside = |id: NodeId, within: NodeId| {
            let pointer = self.schemas.pointer(id);
            let rest = pointer.strip_prefix(self.schemas.pointer(within).as_str());
            rest.filter(|rest| id.file == within.file && (rest.is_empty() || rest.starts_with('/'))).map(str::to_owned)
        };
        match bases.map(|base| self.find(base, uri)) {
            [UriTarget::Nothing, UriTarget::Nothing] => return true,
            [UriTarget::One(one), UriTarget::One(other)] if one == other => return true,
            [UriTarget::One(one), UriTarget::One(other)]
                if inside(one, within[0]).is_some_and(|place| inside(other, within[1]) == Some(place)) =>
            {
                return true;
            }
            _ => {}
        }
        let [one, other] = bases.map(|base| self.declared(&join(&base.uri, uri)).map(|(uri, _)| uri));
        let shared = one.filter(|uri| other == Some(uri) && self.shared.claimants.contains_key(*uri));
        needed.extend(shared.cloned());
        shared.is_some()
    }

    /// Returns a reference to any of several schemas that differ.
    pub(super) fn ambiguous(&self, text: &str, uri: &str) -> Dead {
        let claimants = self.shared.claimants.get(uri).map_or(&[][..], |claimants| &claimants.all);
        let mut named: Vec<String> = claimants.iter().take(MAX_NAMED_SCHEMAS).map(|id| self.claim(*id, uri).to_string()).collect();
        if claimants.len() > MAX_NAMED_SCHEMAS {
            named.push(format!("{} more", claimants.len() - MAX_NAMED_SCHEMAS));
        }
        let last = named.pop().unwrap_or_default();
        let message = format!("{text:?} is ambiguous: {} and {last} declare {uri:?}, and differ", named.join(", "));
        Dead { rule: &diagnostic::AMBIGUOUS_REF, message, help: "refer to one of them by its path, or give each its own $id".into() }
    }
}
