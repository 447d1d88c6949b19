//! The published meta-schemas: schemas that others refer to by URL, and that nobody need copy into a tree.
//!
//! They stand behind the files of a tree, so that no path of the tree can mean one, and take part only where something refers to
//! them and the tree has no schema of that `$id` itself. The files under `meta/` are those of json-schema.org, unchanged.

use std::sync::Arc;

use super::{Reference, uri::join, visit::FileNodes};
use crate::source::{SourceFile, SourceFormat};

/// A meta-schema: its URI without scheme, and its text.
type Meta = (&'static str, &'static str);

macro_rules! metas {
    ($($prefix:literal { $($name:literal => $file:literal,)* })*) => {
        /// Meta-schemas that refer to each other, by what their URIs begin with.
        const GROUPS: &[(&str, &[Meta])] =
            &[$(($prefix, &[$((concat!($prefix, $name), include_str!(concat!("meta/", $file)))),*])),*];
    };
}

metas! {
    "json-schema.org/draft-04/" { "schema" => "draft-04.json", }
    "json-schema.org/draft-06/" { "schema" => "draft-06.json", }
    "json-schema.org/draft-07/" { "schema" => "draft-07.json", }
    "json-schema.org/draft/2019-09/" {
        "meta/applicator" => "2019-09/applicator.json",
        "meta/content" => "2019-09/content.json",
        "meta/core" => "2019-09/core.json",
        "meta/format" => "2019-09/format.json",
        "meta/meta-data" => "2019-09/meta-data.json",
        "meta/validation" => "2019-09/validation.json",
        "schema" => "2019-09/schema.json",
    }
    "json-schema.org/draft/2020-12/" {
        "meta/applicator" => "2020-12/applicator.json",
        "meta/content" => "2020-12/content.json",
        "meta/core" => "2020-12/core.json",
        "meta/format-annotation" => "2020-12/format-annotation.json",
        "meta/format-assertion" => "2020-12/format-assertion.json",
        "meta/meta-data" => "2020-12/meta-data.json",
        "meta/unevaluated" => "2020-12/unevaluated.json",
        "meta/validation" => "2020-12/validation.json",
        "schema" => "2020-12/schema.json",
    }
}

/// Returns the meta-schemas that the schemas of a tree refer to and do not declare themselves, as files.
pub(super) fn wanted(found: &[FileNodes]) -> Vec<SourceFile> {
    let mut wanted = vec![false; GROUPS.len()];
    for file in found {
        for id in &file.pending {
            let super::Schema::Keywords(keywords) = &file.nodes[id.index as usize].schema else { continue };
            let Some(Reference::Unresolved(text)) = &keywords.reference else { continue };
            let base = &file.bases[id.index as usize].uri;
            if !(text.contains("json-schema.org") || base.contains("json-schema.org")) {
                continue;
            }
            let absolute = join(base, text.split('#').next().unwrap_or(""));
            let named = |(prefix, metas): &(&str, &[Meta])| {
                let uri = without_scheme(&absolute);
                uri.starts_with(prefix) && metas.iter().any(|(known, _)| *known == uri)
            };
            if let Some(group) = GROUPS.iter().position(named) {
                wanted[group] = true;
            }
        }
    }
    let groups = GROUPS.iter().zip(wanted).filter(|(_, wanted)| *wanted).flat_map(|((_, metas), _)| *metas);
    groups.filter(|(uri, _)| !declared(found, uri)).map(file).collect()
}

/// Returns whether an absolute URI is that of a published meta-schema.
pub(super) fn is_known(uri: &str) -> bool {
    let uri = without_scheme(uri);
    GROUPS.iter().any(|(prefix, metas)| uri.starts_with(prefix) && metas.iter().any(|(known, _)| *known == uri))
}

/// Returns whether the tree has a schema of that `$id`.
fn declared(found: &[FileNodes], uri: &str) -> bool {
    found.iter().flat_map(|file| &file.resources).any(|(declared, _)| without_scheme(declared) == uri)
}

fn without_scheme(uri: &str) -> &str {
    uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://")).unwrap_or(uri)
}

fn file((uri, text): &Meta) -> SourceFile {
    let shown: Arc<str> = format!("https://{uri}").into();
    SourceFile { path: format!("{uri}.json"), shown, format: SourceFormat::Json, text: (*text).into(), unread: false }
}
