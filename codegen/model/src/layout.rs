//! What a path says of a schema: the parts of its name, and its version.
//!
//! Trees tell versions by file (`created.v1.json`, `1.2.0.json`, `1-0-0` with no ending) or by folder (`v1/`, `1.0.0/`), with `current` or
//! `latest` beside them. A tree without configuration is read by [`Placed::guess`]; `layout` in eventc.toml states the one that is meant.

mod number;
mod template;

pub use self::{
    number::{Number, Scheme},
    template::Template,
};

use crate::{source::SourceFormat, version::Version};

/// The statements of a path below the root of its namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The parts of the name, without version and ending.
    pub parts: Vec<&'a str>,
    /// The version.
    pub number: Option<Number>,
    /// Whether the file is called `current` or `latest`: the newest version once more.
    pub is_newest: bool,
}

/// Names of what stands for the newest version.
const NEWEST: &[&str] = &["current", "latest"];

/// Folders that say how the files in them are spelled (SchemaVer's registries): no part of a name where versions stand in them.
const SPELLINGS: &[&str] = &["jsonschema", "json-schema", "avro"];

impl<'a> Placed<'a> {
    /// Reads a path of a configured tree that states no layout: a major may stand behind the name, as in `created.v2.json`.
    pub fn by_convention(path: &'a str) -> Self {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = without_ending(name);
        let major = stem.rsplit_once(".v").filter(|(_, major)| major.parse::<u32>().is_ok_and(|major| major > 0));
        let number = major.and_then(|(_, major)| Number::parse(major));
        let stem = major.map_or(stem, |(rest, _)| rest);
        Self { parts: folders.split('/').chain([stem]).filter(|part| !part.is_empty()).collect(), number, is_newest: false }
    }

    /// Returns the version; 1.0.0 where the path says none.
    pub fn version(&self) -> Version {
        self.number.as_ref().map_or_else(|| Version::new(1, 0, 0), |number| number.version.clone())
    }

    /// Returns the first number of the version; 1 where the path says none.
    pub fn major(&self) -> u32 {
        self.number.as_ref().map_or(1, Number::major)
    }

    /// Reads a path of a tree that states no layout.
    ///
    /// ```
    /// use eventc_model::layout::{Placed, Scheme};
    ///
    /// let placed = Placed::guess("com.acme/click/jsonschema/1-0-2");
    /// assert_eq!(placed.parts, ["com.acme", "click"]);
    /// assert_eq!(placed.number.unwrap().scheme, Scheme::SchemaVer);
    ///
    /// assert_eq!(Placed::guess("v2/order/created.json").parts, ["order", "created"]);
    /// assert!(Placed::guess("order/created/latest.yaml").is_newest);
    /// ```
    pub fn guess(path: &'a str) -> Self {
        let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let Some(name) = parts.pop() else { return Self { parts, number: None, is_newest: false } };
        let stem = stem(name);
        let has_folder = !parts.is_empty();
        let (rest, number, is_newest) = match Number::parse(stem) {
            Some(number) if has_folder => (None, Some(number), false),
            // Alone below the root it is a name.
            Some(_) => (Some(stem), None, false),
            None if has_folder && NEWEST.contains(&stem) => (None, None, true),
            None => split_stem(stem),
        };
        let mut placed = Self { parts, number, is_newest };
        if rest.is_none() && placed.parts.len() > 1 && placed.parts.last().is_some_and(|part| SPELLINGS.contains(part)) {
            placed.parts.pop();
        }
        placed.read_folder(rest.is_some());
        // A folder for each event, with its schema in it.
        placed.parts.extend(rest.filter(|rest| *rest != "schema" || placed.parts.is_empty()));
        placed
    }

    /// Takes the innermost folder that is a version, or the newest one, out of the name: the version, unless the file said its own.
    fn read_folder(&mut self, named: bool) {
        let is_version = |part: &&str| NEWEST.contains(part) || Number::parse(part).is_some_and(|number| number.is_marked());
        let Some(at) = self.parts.iter().rposition(is_version) else { return };
        if !named && self.parts.len() == 1 {
            return;
        }
        let part = self.parts.remove(at);
        match Number::parse(part) {
            Some(number) => self.number = self.number.take().or(Some(number)),
            None => self.is_newest |= self.number.is_none(),
        }
    }
}

/// Returns a path without the ending that says how the file is spelled; a version at its end has none.
///
/// ```
/// use eventc_model::layout::without_format;
/// assert_eq!(without_format("com.acme/click/1.0.0-rc.1.json"), "com.acme/click/1.0.0-rc.1");
/// assert_eq!(without_format("com.acme/click/1-0-2"), "com.acme/click/1-0-2");
/// ```
pub fn without_format(path: &str) -> &str {
    let before = path.rsplit_once('.').filter(|(_, ending)| SourceFormat::of_ending(ending).is_some()).map(|(before, _)| before);
    before.filter(|before| !before.is_empty() && !before.ends_with('/')).unwrap_or(path)
}

/// Returns the name of a file without its ending. The ending of a version is part of it.
fn stem(name: &str) -> &str {
    let is_version = |name: &str| Number::parse(name).is_some_and(|number| number.is_marked());
    let without = without_format(name);
    if is_version(without) { without } else { without_ending(name) }
}

fn without_ending(name: &str) -> &str {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.strip_suffix(".schema").filter(|stem| !stem.is_empty()).unwrap_or(stem)
}

/// Returns a name and the version or word behind it: `created.v1`, `created-1.2.0`, `created@2.0.0`, `created_latest`.
fn split_stem(stem: &str) -> (Option<&str>, Option<Number>, bool) {
    for (at, sign) in stem.char_indices().filter(|(at, sign)| *at > 0 && matches!(sign, '.' | '-' | '_' | '@')) {
        let (name, tail) = (&stem[..at], &stem[at + sign.len_utf8()..]);
        if let Some(number) = Number::parse(tail).filter(Number::is_marked) {
            return (Some(name), Some(number), false);
        }
        if sign == '.' && NEWEST.contains(&tail) {
            return (Some(name), None, true);
        }
    }
    (Some(stem), None, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_say_path_and_major_by_convention() {
        for (path, parts, major, said) in [
            ("codegen/request/validate.v2.json", &["codegen", "request", "validate"][..], 2, true),
            ("created.json", &["created"], 1, false),
            ("a.b.schema.json", &["a.b"], 1, false),
            ("x.v1.schema.yaml", &["x"], 1, true),
            ("x.v0.json", &["x.v0"], 1, false),
            ("x.vnext.json", &["x.vnext"], 1, false),
            ("x/1.2.0.json", &["x", "1.2.0"], 1, false),
        ] {
            let placed = Placed::by_convention(path);
            assert_eq!((placed.parts.clone(), placed.major(), placed.number.is_some()), (parts.to_vec(), major, said), "{path}");
        }
    }

    #[test]
    fn paths_say_name_and_version() {
        for (path, parts, version) in [
            ("order/created.json", &["order", "created"][..], ""),
            ("order/created.v2.json", &["order", "created"], "v2"),
            ("order/created.v1.schema.json", &["order", "created"], "v1"),
            ("order/created-v1.json", &["order", "created"], "v1"),
            ("order/created_v1.2.avsc", &["order", "created"], "v1.2"),
            ("order/created@1.2.0.JSON", &["order", "created"], "1.2.0"),
            ("order/created.1.2.0.json", &["order", "created"], "1.2.0"),
            ("order/created-1.2.0-rc.1.json", &["order", "created"], "1.2.0-rc.1"),
            ("order-created-1-0-0.json", &["order-created"], "1-0-0"),
            ("BuildDone/1.2.0.json", &["BuildDone"], "1.2.0"),
            ("BuildDone/2.json", &["BuildDone"], "2"),
            ("BuildDone/1.0.0-rc.1.json", &["BuildDone"], "1.0.0-rc.1"),
            ("BuildDone/1.0.1+b6.yaml", &["BuildDone"], "1.0.1+b6"),
            ("com.acme/click/jsonschema/1-0-0", &["com.acme", "click"], "1-0-0"),
            ("com.acme/click/jsonschema/1-0-0.json", &["com.acme", "click"], "1-0-0"),
            ("mediawiki/revision/create/1.1.0.yaml", &["mediawiki", "revision", "create"], "1.1.0"),
            ("mediawiki/revision/create/1.1.0", &["mediawiki", "revision", "create"], "1.1.0"),
            ("mediawiki/revision/create/latest.yaml", &["mediawiki", "revision", "create"], "newest"),
            ("mediawiki/revision/create/current.yaml", &["mediawiki", "revision", "create"], "newest"),
            ("facets/1-0-1/SourceFacet.json", &["facets", "SourceFacet"], "1-0-1"),
            ("v1/order/created.json", &["order", "created"], "v1"),
            ("order/v1/created.json", &["order", "created"], "v1"),
            ("order/created/v1.json", &["order", "created"], "v1"),
            ("order/created/v3/schema.json", &["order", "created"], "v3"),
            ("order/created/schema.v3.json", &["order", "created"], "v3"),
            ("order/schema.yaml", &["order"], ""),
            ("v1/schema.json", &["schema"], "v1"),
            ("schema.json", &["schema"], ""),
            ("1.0.0/created.json", &["created"], "1.0.0"),
            ("latest/created.json", &["created"], "newest"),
            ("v1/created.1.2.0.json", &["created"], "1.2.0"),
            // What only looks like a version.
            ("v1.json", &["v1"], ""),
            ("1.0.0.json", &["1.0.0"], ""),
            ("latest.json", &["latest"], ""),
            ("order/x.vnext.json", &["order", "x.vnext"], ""),
            ("order/x.v0.json", &["order", "x"], "v0"),
            ("sha-256.json", &["sha-256"], ""),
            ("ipv4.json", &["ipv4"], ""),
            ("utf-8/made.json", &["utf-8", "made"], ""),
            ("2/made.json", &["2", "made"], ""),
            ("a.b.json", &["a.b"], ""),
        ] {
            let placed = Placed::guess(path);
            let said = if placed.is_newest { "newest".to_owned() } else { placed.number.map(|number| number.text).unwrap_or_default() };
            assert_eq!((placed.parts, said.as_str()), (parts.to_vec(), version), "{path}");
        }
    }
}
