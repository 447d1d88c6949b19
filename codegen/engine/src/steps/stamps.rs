//! Constants that repeat the version of their own schema, and so change with each version on purpose.

use std::collections::{BTreeMap, HashSet};

use eventc_model::{
    layout::Number,
    schema::{Keywords, NodeId, Schemas},
    syntax::escape_pointer,
};
use serde_json::Value;

/// The depth to which stamps are looked for: they stand at the head of a document.
const MAX_DEPTH: usize = 8;

/// So many schemas are looked at, counted at each place that they stand for.
const MAX_VISITS: usize = 4096;

/// Stands for the version in a constant.
const VERSION: char = '\0';

/// Returns the schemas, of the older and of the newer version, that allow at the same place of a document the same constant but for the
/// version in it, which is their own.
pub(super) fn pairs(schemas: &Schemas, old: (NodeId, &Number), new: (NodeId, &Number)) -> Vec<(NodeId, NodeId)> {
    let earlier = Constants::of(schemas, old.0);
    let later = Constants::of(schemas, new.0);
    let mut pairs: Vec<(NodeId, NodeId)> = Vec::new();
    for (place, nodes) in &later.by_place {
        let before = earlier.by_place.get(place).map(Vec::as_slice).unwrap_or_default();
        for (node, constant) in nodes {
            let is_stamp = |(_, known): &&(NodeId, StampCandidate<'_>)| known.is_restamped(old.1, constant, new.1);
            pairs.extend(before.iter().find(is_stamp).map(|(known, _)| (*known, *node)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The schemas that allow a single value, or texts of a pattern, by the place in the document.
struct Constants<'a> {
    by_place: BTreeMap<String, Vec<(NodeId, StampCandidate<'a>)>>,
}

impl<'a> Constants<'a> {
    fn of(schemas: &'a Schemas, root: NodeId) -> Self {
        let mut by_place: BTreeMap<String, Vec<(NodeId, StampCandidate<'a>)>> = BTreeMap::new();
        let (mut seen, mut open) = (HashSet::new(), vec![(root, String::new(), 0)]);
        while let Some((node, place, depth)) = open.pop() {
            let node = schemas.target(node);
            let Some(keywords) = schemas.keywords(node).filter(|_| depth <= MAX_DEPTH && seen.len() < MAX_VISITS) else { continue };
            if !seen.insert((node, place.clone())) {
                continue;
            }
            if let Some(constant) = StampCandidate::of(keywords) {
                by_place.entry(place.clone()).or_default().push((node, constant));
            }
            open.extend(here(keywords).map(|child| (child, place.clone(), depth + 1)));
            let properties =
                keywords.properties.iter().map(|(name, child)| (*child, format!("{place}/{}", escape_pointer(name)), depth + 1));
            open.extend(properties);
            open.extend(keywords.items.map(|child| (child, format!("{place}/*"), depth + 1)));
        }
        Self { by_place }
    }
}

/// The schemas that speak of the same place as the one that holds them.
fn here(keywords: &Keywords) -> impl Iterator<Item = NodeId> {
    let branches = keywords.all_of.iter().chain(&keywords.any_of).chain(&keywords.one_of);
    let conditional = [keywords.if_schema, keywords.then_schema, keywords.else_schema].into_iter().flatten();
    let dependent = keywords.dependent_schemas.iter().map(|(_, child)| *child);
    branches.copied().chain(conditional).chain(dependent)
}

/// What a schema allows: one value, or texts of a pattern.
enum StampCandidate<'a> {
    Value(&'a Value),
    Pattern(&'a str),
}

impl<'a> StampCandidate<'a> {
    fn of(keywords: &'a Keywords) -> Option<Self> {
        match (&keywords.const_value, &keywords.enum_values) {
            (Some(value), _) => Some(Self::Value(value)),
            (None, Some(values)) => (values.len() == 1).then(|| Self::Value(&values[0])),
            (None, None) => keywords.pattern.as_deref().map(Self::Pattern),
        }
    }

    /// Whether it becomes another constant where the one version in it gives way to the other.
    fn is_restamped(&self, old: &Number, other: &Self, new: &Number) -> bool {
        let differs = match (self, other) {
            (Self::Value(before), Self::Value(after)) => before != after,
            (Self::Pattern(before), Self::Pattern(after)) => before != after,
            _ => false,
        };
        differs && {
            let after = other.frames(new);
            self.frames(old).iter().any(|frame| after.contains(frame))
        }
    }

    /// Returns what is left of it without the version, once for each way to spell that; nothing where the version is not in it.
    fn frames(&self, version: &Number) -> Vec<String> {
        match self {
            Self::Value(Value::String(text)) => frames(text, version),
            Self::Value(Value::Number(number)) => {
                let is_version = number.as_f64() == short(version).parse().ok();
                if is_version { vec![VERSION.to_string()] } else { Vec::new() }
            }
            Self::Value(_) => Vec::new(),
            Self::Pattern(pattern) => {
                let text = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$'));
                text.map(|text| frames(&text.replace("\\.", ".").replace("\\-", "-").replace("\\/", "/"), version)).unwrap_or_default()
            }
        }
    }
}

/// The first two numbers of a version: `1.2` of 1.2.0.
fn short(version: &Number) -> String {
    format!("{}.{}", version.version.major, version.version.minor)
}

fn frames(text: &str, version: &Number) -> Vec<String> {
    let numbers = &version.version;
    let triple = |sign: char| format!("{}{sign}{}{sign}{}", numbers.major, numbers.minor, numbers.patch);
    let spelled = [version.text.clone(), triple('.'), triple('-'), triple('_'), short(version)];
    let unmarked = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let is_major = unmarked == numbers.major.to_string();
    if is_major || Number::parse(text).is_some_and(|said| said.is_marked()) {
        let is_version = |spelled: &String| unmarked == spelled || text == spelled;
        let is_whole = is_major || spelled.iter().any(is_version) || is_version(&numbers.to_string());
        return if is_whole { vec![VERSION.to_string()] } else { Vec::new() };
    }
    let mut found: Vec<String> = spelled.iter().filter_map(|spelled| without(text, spelled)).collect();
    found.dedup();
    found
}

/// Returns a text with a sign in the place of each version that stands by itself: `iglu:com.acme/click/jsonschema/1-0-1` holds `1-0-1`,
/// and not `0-1`. A `v` before it belongs to it.
fn without(text: &str, version: &str) -> Option<String> {
    let (mut frame, mut done) = (String::new(), 0);
    for (at, _) in text.match_indices(version) {
        let (before, behind) = (&text[..at], &text[at + version.len()..]);
        if goes_on(before.chars().rev()) || goes_on(behind.chars()) {
            continue;
        }
        let before = &text[done..at];
        let word = before.strip_suffix(['v', 'V']).filter(|rest| !rest.ends_with(char::is_alphanumeric));
        frame.push_str(word.unwrap_or(before));
        frame.push(VERSION);
        done = at + version.len();
    }
    frame.push_str(&text[done..]);
    (done > 0).then_some(frame)
}

/// Whether the numbers of a version go on in what is beside it.
fn goes_on(mut neighbours: impl Iterator<Item = char>) -> bool {
    match neighbours.next() {
        Some('.' | '-' | '_') => neighbours.next().is_some_and(|sign| sign.is_ascii_digit()),
        sign => sign.is_some_and(|sign| sign.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_stamp(old: &(&str, Value), new: &(&str, Value)) -> bool {
        let [before, after] = [old.0, new.0].map(|text| Number::parse(text).expect(text));
        StampCandidate::Value(&old.1).is_restamped(&before, &StampCandidate::Value(&new.1), &after)
    }

    #[test]
    fn a_version_is_told_from_what_only_changes_with_it() {
        for (old, new, expected) in [
            (("1.0.0", "1.0.0"), ("1.1.0", "1.1.0"), true),
            (("1.0.0", "1.0"), ("1.1.0", "1.1"), true),
            (("1.0.0", "v1.0"), ("1.1.0", "v1.1"), true),
            (("1.0.0", "1"), ("1.1.0", "1.1"), true),
            (("1-0-0", "1.0.0"), ("1-0-1", "1.0.1"), true),
            (("1-0-0", "iglu:a/click/jsonschema/1-0-0"), ("1-0-1", "iglu:a/click/jsonschema/1-0-1"), true),
            (("1.0.0", "https://x/s/1.0.0.json"), ("1.1.0", "https://x/s/1.1.0.json"), true),
            (("1.0.0", "https://x/v1.0/s"), ("1.1.0", "https://x/v1.1/s"), true),
            (("1.0.0", "com.acme.made.1.0.0"), ("1.1.0", "com.acme.made.1.1.0"), true),
            // The rest is not the same.
            (("1.0.0", "https://x/s/1.0.0.json"), ("1.1.0", "https://x/t/1.1.0.json"), false),
            (("1-0-0", "iglu:a/click/jsonschema/1-0-0"), ("1-0-1", "iglu:a/view/jsonschema/1-0-1"), false),
            // Somebody else's version.
            (("1.0.0", "2.0.0"), ("1.1.0", "2.1.0"), false),
            (("1.0.0", "11.0.0"), ("1.1.0", "11.1.0"), false),
            (("1.0.0", "1.0.0.1"), ("1.1.0", "1.1.0.1"), false),
            (("1.0.0", "a"), ("1.1.0", "b"), false),
            (("1.0.0", "x1"), ("1.1.0", "x2"), false),
            // Nothing changed.
            (("1.0.0", "v1"), ("1.1.0", "v1"), false),
        ] {
            assert_eq!(is_stamp(&(old.0, old.1.into()), &(new.0, new.1.into())), expected, "{old:?} {new:?}");
        }
        assert!(is_stamp(&("1.0.0", Value::from(1.0)), &("1.1.0", Value::from(1.1))));
        assert!(is_stamp(&("1.0.0", Value::from(1)), &("1.1.0", Value::from(1.1))));
        assert!(!is_stamp(&("1.0.0", Value::from(1)), &("1.1.0", Value::from(2))));
    }
}
