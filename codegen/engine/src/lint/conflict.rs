//! Demands that no value meets, found in the structure of schemas that judge one value together.
//!
//! Only what is certain is a conflict: patterns, formats, conditions and negations are taken to be satisfiable, numbers are compared
//! only as far as the comparison is exact.

use std::{
    cell::Cell,
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use eventc_model::schema::{Keywords, Kind, Kinds, NodeId, Schema, is_integer};
use serde_json::{Number, Value};

use super::{LintContext, context::targets};

/// The maximum depth of schemas in the search; what lies below is taken to be satisfiable.
const MAX_DEPTH: usize = 24;

/// So many schemas are looked at for one question.
const EFFORT: u32 = 4000;

/// A reason that no value meets the demands: a keyword to point at, and a clause for "no document satisfies this: …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// The keyword that shows it best; empty for the schema as a whole.
    pub(crate) keyword: &'static str,
    /// The contradiction.
    pub(crate) why: String,
}

fn conflict(keyword: &'static str, why: impl Into<String>) -> Conflict {
    Conflict { keyword, why: why.into() }
}

/// The schemas that every value of some schemas must satisfy: they, and those that they refer to or list in `allOf`.
#[derive(Default)]
pub(crate) struct Together<'a> {
    pub(crate) keywords: Vec<&'a Keywords>,
    /// `false` is among them, or a negation of everything.
    pub(crate) never: bool,
}

impl<'a> Together<'a> {
    pub(crate) fn of(cx: &LintContext<'a>, ids: &[NodeId]) -> Self {
        let mut together = Self::default();
        let mut seen = HashSet::new();
        let mut queue = ids.to_vec();
        while let Some(id) = queue.pop() {
            if !seen.insert(id) {
                continue;
            }
            match &cx.schemas().node(id).schema {
                Schema::Bool(accepts) => together.never |= !accepts,
                Schema::Keywords(keywords) => {
                    together.never |= keywords.not.is_some_and(|not| accepts_all(cx, not));
                    together.keywords.push(keywords);
                    queue.extend(targets(keywords));
                    queue.extend(&keywords.all_of);
                }
            }
        }
        together
    }

    /// Returns the types that are left, `number` standing for those that are no integers.
    pub(crate) fn kinds(&self) -> Kinds {
        let all: Kinds = Kind::ALL.into_iter().collect();
        self.keywords.iter().filter_map(|keywords| keywords.types).fold(all, |left, kinds| {
            let kinds = if kinds.contains(Kind::Number) { kinds.with(Kind::Integer) } else { kinds };
            left.iter().filter(|kind| kinds.contains(*kind)).collect()
        })
    }

    fn greatest<T: Ord>(&self, get: impl Fn(&Keywords) -> Option<T>) -> Option<T> {
        self.keywords.iter().filter_map(|keywords| get(keywords)).max()
    }

    fn smallest<T: Ord>(&self, get: impl Fn(&Keywords) -> Option<T>) -> Option<T> {
        self.keywords.iter().filter_map(|keywords| get(keywords)).min()
    }
}

fn accepts_all(cx: &LintContext<'_>, id: NodeId) -> bool {
    match &cx.schemas().node(id).schema {
        Schema::Bool(accepts) => *accepts,
        Schema::Keywords(keywords) => !keywords.constrains() && keywords.referred().is_none() && keywords.reference.is_none(),
    }
}

/// Finds a conflict of some schemas: the reason that certainly no value satisfies all of them.
pub(crate) fn find(cx: &LintContext<'_>, ids: &[NodeId]) -> Option<Conflict> {
    search(&Search { cx, left: Cell::new(EFFORT) }, ids, 0)
}

/// A search, and how much of it is left: what is too large to look through is taken to be satisfiable.
struct Search<'a, 'c> {
    cx: &'c LintContext<'a>,
    left: Cell<u32>,
}

fn search(cx: &Search<'_, '_>, ids: &[NodeId], depth: usize) -> Option<Conflict> {
    let left = cx.left.get().checked_sub(1)?;
    cx.left.set(left);
    if depth > MAX_DEPTH {
        return None;
    }
    let together = Together::of(cx.cx, ids);
    if let Some(conflict) = find_in(cx, &together, depth) {
        return Some(conflict);
    }
    // A union is impossible if each of its branches is, taken together with what stands beside the union.
    for keywords in &together.keywords {
        for (name, branches) in [("anyOf", &keywords.any_of), ("oneOf", &keywords.one_of)] {
            let impossible = |branch: &NodeId| {
                let mut ids = ids.to_vec();
                ids.push(*branch);
                find_in(cx, &Together::of(cx.cx, &ids), depth + 1)
            };
            let conflicts: Option<Vec<Conflict>> = branches.iter().map(impossible).collect();
            if let Some(first) = conflicts.and_then(|conflicts| conflicts.into_iter().next()) {
                return Some(conflict(name, format!("no branch of `{name}` can be met ({})", first.why)));
            }
        }
    }
    None
}

fn find_in(cx: &Search<'_, '_>, together: &Together<'_>, depth: usize) -> Option<Conflict> {
    if together.never {
        return Some(conflict("", "it is `false`"));
    }
    let kinds = together.kinds();
    if kinds.is_empty() {
        return Some(conflict("type", "the types that are asked for exclude each other"));
    }
    if let Some(values) = together.keywords.iter().find_map(|keywords| listed(keywords)) {
        let fits =
            |value: &&Value| together.keywords.iter().all(|keywords| may_fit(keywords, value)) && kinds.contains(Kind::of_value(value));
        return (!values.iter().any(|value| fits(&value))).then(|| {
            let keyword = if together.keywords.iter().any(|keywords| keywords.const_value.is_some()) { "const" } else { "enum" };
            conflict(
                keyword,
                if values.is_empty() { "its `enum` is empty".to_owned() } else { format!("no value of its `{keyword}` meets the rest") },
            )
        });
    }
    let mut first = None;
    for kind in kinds.iter() {
        let found = match kind {
            Kind::Null | Kind::Boolean => None,
            Kind::Integer | Kind::Number => numbers(together, kind),
            Kind::String => strings(together),
            Kind::Array => arrays(cx, together, depth),
            Kind::Object => objects(cx, together, depth),
        };
        // One type that is left is enough.
        first.get_or_insert(found?);
    }
    first
}

fn listed(keywords: &Keywords) -> Option<&[Value]> {
    keywords.const_value.as_ref().map(std::slice::from_ref).or(keywords.enum_values.as_deref())
}

/// Returns whether a value may satisfy the keywords that a look at it decides.
fn may_fit(keywords: &Keywords, value: &Value) -> bool {
    let is_constant = keywords.const_value.as_ref().is_none_or(|known| may_equal(known, value));
    let is_listed = keywords.enum_values.as_ref().is_none_or(|values| values.iter().any(|known| may_equal(known, value)));
    is_constant
        && is_listed
        && match value {
            Value::Number(number) => {
                let over = |bound: &Option<Number>| bound.as_ref().is_some_and(|bound| is_greater(number, bound));
                let under = |bound: &Option<Number>| bound.as_ref().is_some_and(|bound| is_greater(bound, number));
                let on = |bound: &Option<Number>| bound.as_ref().is_some_and(|bound| is_same(number, bound));
                let above = over(&keywords.maximum) || over(&keywords.exclusive_maximum) || on(&keywords.exclusive_maximum);
                let below = under(&keywords.minimum) || under(&keywords.exclusive_minimum) || on(&keywords.exclusive_minimum);
                !(above || below)
            }
            Value::String(text) => {
                let length = text.chars().count() as u64;
                keywords.min_length.is_none_or(|min| length >= min) && keywords.max_length.is_none_or(|max| length <= max)
            }
            _ => true,
        }
}

fn may_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => !is_greater(a, b) && !is_greater(b, a),
        (Value::Array(_), Value::Array(_)) | (Value::Object(_), Value::Object(_)) => true,
        _ => a == b,
    }
}

fn numbers(together: &Together<'_>, kind: Kind) -> Option<Conflict> {
    let lows = bounds(together, |keywords| [(&keywords.minimum, false), (&keywords.exclusive_minimum, true)]);
    let highs = bounds(together, |keywords| [(&keywords.maximum, false), (&keywords.exclusive_maximum, true)]);
    for (low, low_open) in &lows {
        for (high, high_open) in &highs {
            let crossed = is_greater(low, high) || (is_same(low, high) && (*low_open || *high_open));
            let no_integer = || {
                let min = low.as_i128()?.checked_add(i128::from(*low_open))?;
                let max = high.as_i128()?.checked_sub(i128::from(*high_open))?;
                Some(min > max)
            };
            if crossed || (kind == Kind::Integer && no_integer().unwrap_or(false)) {
                let keyword = if *high_open { "exclusiveMaximum" } else { "maximum" };
                return Some(conflict(keyword, format!("no {} lies between {low} and {high}", kind.as_str())));
            }
        }
    }
    None
}

fn bounds<'a>(together: &Together<'a>, get: impl Fn(&'a Keywords) -> [(&'a Option<Number>, bool); 2]) -> Vec<(&'a Number, bool)> {
    together.keywords.iter().flat_map(|keywords| get(keywords)).filter_map(|(bound, open)| Some((bound.as_ref()?, open))).collect()
}

fn strings(together: &Together<'_>) -> Option<Conflict> {
    let min = together.greatest(|keywords| keywords.min_length)?;
    let max = together.smallest(|keywords| keywords.max_length)?;
    (min > max).then(|| conflict("maxLength", format!("a string cannot have at least {min} and at most {max} characters")))
}

fn arrays(cx: &Search<'_, '_>, together: &Together<'_>, depth: usize) -> Option<Conflict> {
    let min = together.greatest(|keywords| keywords.min_items).unwrap_or(0);
    let max = together.smallest(|keywords| keywords.max_items);
    if let Some(max) = max.filter(|max| min > *max) {
        return Some(conflict("maxItems", format!("an array cannot have at least {min} and at most {max} items")));
    }
    for keywords in &together.keywords {
        let wanted = keywords.contains.map_or(0, |_| keywords.min_contains.unwrap_or(1));
        if let Some(max) = keywords.max_contains.filter(|max| keywords.contains.is_some() && wanted > *max) {
            return Some(conflict("maxContains", format!("at least {wanted} and at most {max} items cannot match `contains`")));
        }
        if let Some(max) = max.filter(|max| wanted > *max) {
            return Some(conflict("maxItems", format!("{wanted} items must match `contains`, and there may be {max}")));
        }
        let first = keywords.prefix_items.len() as u64;
        if min > first && keywords.items.is_some_and(|items| search(cx, &[items], depth + 1).is_some()) {
            return Some(conflict("minItems", format!("{min} items are asked for, and only {first} can be there")));
        }
    }
    None
}

fn objects(cx: &Search<'_, '_>, together: &Together<'_>, depth: usize) -> Option<Conflict> {
    let required: Vec<&str> = {
        let mut seen = HashSet::new();
        let names = together.keywords.iter().flat_map(|keywords| keywords.required.iter().map(String::as_str));
        names.filter(|name| seen.insert(*name)).collect()
    };
    let min = together.greatest(|keywords| keywords.min_properties).unwrap_or(0);
    if let Some(max) = together.smallest(|keywords| keywords.max_properties) {
        if min > max {
            return Some(conflict("maxProperties", format!("an object cannot have at least {min} and at most {max} properties")));
        }
        if required.len() as u64 > max {
            return Some(conflict("maxProperties", format!("{} properties are required, and there may be {max}", required.len())));
        }
    }
    for keywords in &together.keywords {
        let closed = keywords.additional_properties.is_some_and(|rest| matches!(cx.cx.schemas().node(rest).schema, Schema::Bool(false)));
        if !closed || !keywords.pattern_properties.is_empty() {
            continue;
        }
        let known: HashSet<&str> = keywords.properties.iter().map(|(known, _)| known.as_str()).collect();
        if let Some(name) = required.iter().find(|name| !known.contains(*name)) {
            return Some(conflict("required", format!("{name:?} is required, and `additionalProperties` forbids it")));
        }
        if min > keywords.properties.len() as u64 {
            return Some(conflict(
                "minProperties",
                format!("{min} properties are asked for, and {} can be there", keywords.properties.len()),
            ));
        }
    }
    let mut declared: HashMap<&str, Vec<NodeId>> = HashMap::new();
    for (name, id) in together.keywords.iter().flat_map(|keywords| &keywords.properties).filter(|_| !required.is_empty()) {
        declared.entry(name).or_default().push(*id);
    }
    for name in required {
        if let Some(ids) = declared.get(name)
            && let Some(found) = search(cx, ids, depth + 1)
        {
            return Some(conflict("required", format!("the required property {name:?} can have no value: {}", found.why)));
        }
    }
    None
}

/// Returns whether the first number is certainly greater: rounding to a double keeps the order of what it tells apart.
fn is_greater(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a > b,
        _ => a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a.partial_cmp(&b) == Some(Ordering::Greater)),
    }
}

/// Returns whether two numbers are certainly equal.
fn is_same(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        _ => a.to_string() == b.to_string() || (is_small(a) && is_small(b) && a.as_f64() == b.as_f64()),
    }
}

/// Returns whether a number is spelled with so few digits that a double tells it from its neighbours.
fn is_small(number: &Number) -> bool {
    number.to_string().bytes().filter(u8::is_ascii_digit).count() <= 15 && (is_integer(number) || !number.to_string().contains(['e', 'E']))
}
