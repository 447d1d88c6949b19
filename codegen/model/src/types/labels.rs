//! Labels that tell the branches of a union apart which have no name of their own.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use serde_json::Value;

use super::conjunction::{Conjunction, MergedSchema};
use crate::schema::{Keywords, Kind, NodeId, Schemas};

/// The maximum length of a text that may be a name.
const MAX_NAME_LENGTH: usize = 60;

/// Labels each branch by the first that there is: that it is the one object among them, those of a definition not counted; the first
/// property that it alone requires; the text that it alone asks of a property of all; its first property, if it alone has it.
///
/// What properties it may have besides says nothing: such a property can be added to any branch, and must rename none.
pub(super) fn labels(schemas: &Schemas, branches: &[Conjunction]) -> Vec<Option<String>> {
    let merged: Vec<MergedSchema<'_>> = branches.iter().map(|branch| MergedSchema::new(schemas, branch)).collect();
    let is_object = |merged: &MergedSchema<'_>| merged.kinds.is_some_and(|kinds| kinds.without(Kind::Null).single() == Some(Kind::Object));
    let is_own = |branch: &Conjunction| schemas.target(branch.parts[0].node) == branch.parts[0].node;
    let objects = merged.iter().zip(branches).filter(|(merged, branch)| is_own(branch) && is_object(merged)).count();

    let required = alone(merged.iter().map(required).collect());
    let declared: Vec<Vec<&str>> = merged.iter().map(declared).collect();
    let first = first_if_alone(&declared);
    let may_be_object = |merged: &&MergedSchema<'_>| merged.kinds.is_none_or(|kinds| kinds.contains(Kind::Object));
    let all = merged.iter().filter(may_be_object).count();
    let shared: HashSet<&str> = counts(&declared).into_iter().filter(|(_, count)| *count == all).map(|(name, _)| *name).collect();
    let texts = alone(merged.iter().map(|merged| texts(schemas, merged, &shared)).collect());
    let label = |index: usize| {
        if objects == 1 && is_object(&merged[index]) {
            return Some("object".to_owned());
        }
        let with = |name: &&str| format!("with {name}");
        let text = || texts[index].as_ref().map(|(_, text)| text.clone());
        required[index].as_ref().map(with).or_else(text).or_else(|| first[index].as_ref().map(with))
    };
    (0..merged.len()).map(label).collect()
}

fn required<'a>(merged: &MergedSchema<'a>) -> Vec<&'a str> {
    merged.keywords.iter().flat_map(|keywords| &keywords.required).map(String::as_str).collect()
}

fn declared<'a>(merged: &MergedSchema<'a>) -> Vec<&'a str> {
    properties(merged).map(|(name, _)| name).collect()
}

fn properties<'a>(merged: &MergedSchema<'a>) -> impl Iterator<Item = (&'a str, NodeId)> {
    merged.keywords.iter().flat_map(|keywords| &keywords.properties).map(|(name, id)| (name.as_str(), *id))
}

/// Returns those of some properties that have to be one text, with it.
fn texts<'a>(schemas: &'a Schemas, merged: &MergedSchema<'a>, among: &HashSet<&str>) -> Vec<(&'a str, String)> {
    let text = |id| schemas.keywords(schemas.target(id)).and_then(only_text).filter(|text| is_name(text));
    let properties = properties(merged).filter(|(name, _)| among.contains(name));
    properties.filter_map(|(name, id)| Some((name, text(id)?))).collect()
}

/// Returns the one text that a schema leaves.
fn only_text(keywords: &Keywords) -> Option<String> {
    let only = match (&keywords.const_value, keywords.enum_values.as_deref()) {
        (Some(value), _) | (None, Some([value])) => Some(value),
        _ => None,
    };
    only.and_then(Value::as_str).map(str::to_owned).or_else(|| keywords.pattern.as_deref().and_then(literal))
}

/// Returns the one text that a regular expression matches, if its spelling shows it: `^Docker@2$`.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = pattern.strip_prefix('^')?.strip_suffix('$')?.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.push(chars.next().filter(char::is_ascii_punctuation)?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            char => text.push(char),
        }
    }
    Some(text)
}

fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME_LENGTH && text.contains(char::is_alphanumeric)
}

/// Returns the first of each list that no other list has.
fn alone<T: Hash + Eq>(lists: Vec<Vec<T>>) -> Vec<Option<T>> {
    let counts = counts(&lists);
    let first: Vec<Option<usize>> = lists.iter().map(|list| list.iter().position(|item| counts[item] == 1)).collect();
    lists.into_iter().zip(first).map(|(list, first)| list.into_iter().nth(first?)).collect()
}

/// Returns the first of each list, if no other list has it.
fn first_if_alone<'a>(lists: &[Vec<&'a str>]) -> Vec<Option<&'a str>> {
    let counts = counts(lists);
    lists.iter().map(|list| list.first().copied().filter(|first| counts[first] == 1)).collect()
}

/// Counts the lists that hold each item.
fn counts<T: Hash + Eq>(lists: &[Vec<T>]) -> HashMap<&T, usize> {
    let mut counts = HashMap::new();
    for list in lists {
        let mut seen = HashSet::new();
        for item in list.iter().filter(|item| seen.insert(*item)) {
            *counts.entry(item).or_insert(0) += 1;
        }
    }
    counts
}
