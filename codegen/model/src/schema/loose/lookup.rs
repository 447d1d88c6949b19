//! The order in which a loose reference is looked up.

use super::Straightener;
use crate::{
    schema::{
        FileId, NodeId,
        resolve::in_tree,
        tail,
        uri::{TREE, encode_path, has_scheme, join, percent_decode},
        visit::Base,
    },
    source::{BEYOND, ReferenceTarget, to_u32},
    syntax::{join_pointer, split_pointer},
};

/// The form of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum ReferenceForm {
    /// By a URL of which somebody stated where its files are.
    Stated,
    /// As the folder of the document: `./#/...`.
    Itself,
    /// By a JSON Pointer without its first slash.
    Pointer,
    /// By a path out of the tree.
    Outside,
    /// From the schema root.
    Root,
    /// From the root of the repository.
    Repository,
    /// So that only its end is that of a file.
    End,
}

/// The meaning of a reference.
#[derive(Debug, Clone)]
pub(super) enum ReferenceMeaning {
    File(FileId, ReferenceForm),
    /// Any of these files.
    Several(Vec<FileId>),
    /// A URL that nothing answers.
    Absent,
    Nothing,
}

impl Straightener<'_, '_> {
    pub(super) fn look_up(&mut self, base: &Base, uri: &str, fragment: &str, open: &mut Vec<NodeId>) -> ReferenceMeaning {
        let absolute = join(&base.uri, uri);
        let is_url = has_scheme(uri);
        let path = percent_decode(tail::path_of(uri));
        let own = self.files[base.root.file.0 as usize].path.clone();
        let around = self.around;
        let mut ways: Vec<(ReferenceForm, Option<ReferenceTarget>)> =
            vec![(ReferenceForm::Stated, around.and_then(|around| around.mapped(&percent_decode(&absolute))))];
        if !is_url {
            let root = path.trim_start_matches('/');
            let from_file = || around?.relative(Some(&own), &path);
            let in_root = in_tree(self.files, self.schemas.own, &tail::segments(root).join("/")).filter(|_| !root.starts_with(".."));
            let in_root = in_root.map(|file| ReferenceTarget::Inside(self.files[file.0 as usize].path.clone()));
            let from_repository = || around?.relative(None, root);
            ways.push((ReferenceForm::Outside, (!path.starts_with('/')).then(from_file).flatten()));
            ways.push((ReferenceForm::Root, in_root));
            ways.push((ReferenceForm::Repository, from_repository()));
        }
        for (way, location) in ways {
            if let Some(file) = location.and_then(|location| self.located(location, open)) {
                // What another file from around the tree says of its neighbours is written as it should be.
                let way = if way == ReferenceForm::Outside && own.starts_with(BEYOND) { ReferenceForm::Stated } else { way };
                return ReferenceMeaning::File(file, way);
            }
        }
        match &self.by_end(&path, fragment)[..] {
            [] if is_url && !absolute.starts_with("file:") => ReferenceMeaning::Absent,
            [] if self.is_of_an_absent_folder(base, uri, &absolute) => ReferenceMeaning::Absent,
            [] => ReferenceMeaning::Nothing,
            [one] => ReferenceMeaning::File(*one, ReferenceForm::End),
            several => ReferenceMeaning::Several(several.to_vec()),
        }
    }

    /// Returns whether a path means a URL, since its document declares one, in a folder of which nothing is here: neither by its URI nor by
    /// its place. In a folder that is here, somebody has rather slipped.
    fn is_of_an_absent_folder(&self, base: &Base, uri: &str, absolute: &str) -> bool {
        let folder_of = |url: &str| url.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
        let (Some(url), true) = (folder_of(absolute), ["http:", "https:"].iter().any(|scheme| absolute.starts_with(scheme))) else {
            return false;
        };
        let place = join(&format!("{TREE}{}", encode_path(&self.files[base.root.file.0 as usize].path)), uri);
        let place = place.strip_prefix(TREE).map(percent_decode).and_then(|place| folder_of(&place)).unwrap_or_default();
        let is_here = self.files[..self.schemas.own].iter().any(|file| file.path.starts_with(&place));
        !is_here && !self.declared.keys().any(|known| known.starts_with(&url))
    }

    fn located(&mut self, location: ReferenceTarget, open: &mut Vec<NodeId>) -> Option<FileId> {
        match location {
            ReferenceTarget::Inside(path) => {
                in_tree(self.files, self.schemas.own, &path).filter(|file| self.root_or_adopt(*file, open).is_some())
            }
            ReferenceTarget::Outside { path, real } => {
                self.schemas.looked_around = true;
                self.add(path, &real, open)
            }
        }
    }

    /// Returns the files whose paths have most of the end of a path; of several those that have what its fragment points to, if any has.
    fn by_end(&self, path: &str, fragment: &str) -> Vec<FileId> {
        let written = tail::segments(path);
        if written.is_empty() {
            return Vec::new();
        }
        [false, true]
            .into_iter()
            .map(|loosely| self.with_end(&written, fragment, loosely))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    fn with_end(&self, written: &[&str], fragment: &str, loosely: bool) -> Vec<FileId> {
        let (mut most, mut found) = (1, Vec::new());
        for index in 0..self.schemas.own {
            let (file, parts) = (FileId(to_u32(index)), tail::segments(&self.files[index].path));
            let common = tail::common(written, &parts, loosely);
            let whole = common == parts.len() || common == written.len();
            let says_much = whole || !tail::is_common_name(parts[parts.len() - 1]);
            if common < most {
                continue;
            }
            // A name without its folder says little: what the fragment points to has to be there.
            let is_meant = if common > 1 { self.has(file, "") } else { self.has(file, fragment) && (says_much || fragment.len() > 1) };
            if !is_meant {
                continue;
            }
            if common > most {
                most = common;
                found.clear();
            }
            found.push(file);
        }
        let with_target: Vec<FileId> = found.iter().copied().filter(|file| found.len() > 1 && self.has(*file, fragment)).collect();
        if with_target.is_empty() { found } else { with_target }
    }

    /// Returns whether a file is a schema, and has what a fragment points to.
    fn has(&self, file: FileId, fragment: &str) -> bool {
        let Some(root) = self.schemas.root(file) else { return false };
        let fragment = percent_decode(fragment);
        let pointer = format!("{}{}", self.schemas.pointer(root), join_pointer(&split_pointer(&fragment)));
        !fragment.starts_with('/') || self.files[file.0 as usize].get(&pointer).is_some()
    }
}
