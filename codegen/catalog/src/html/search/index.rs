//! The terms of the index, and the documents that they lead to.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

/// The maximum length of a term; longer ones are cut.
pub(super) const MAX_TERM_LENGTH: usize = 40;

/// Words that say nothing.
const EMPTY: &[&str] =
    &["a", "an", "and", "are", "as", "at", "be", "by", "for", "in", "is", "it", "of", "on", "or", "that", "the", "to", "was", "with"];

/// The place of a term in a document, which decides what is said of a match and how much it counts. `search.js` has the same list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum TermClass {
    Name,
    Title,
    Field,
    Type,
    Participant,
    Tag,
    Value,
    About,
    Envelope,
}

/// The documents of a term, by class and the name that it is part of.
pub(super) type TermGroups = FxHashMap<(TermClass, String), Vec<u32>>;

/// Documents and terms in the making.
#[derive(Default)]
pub(super) struct SearchIndex {
    pub(super) documents: Vec<Value>,
    pub(super) terms: FxHashMap<String, TermGroups>,
}

impl SearchIndex {
    /// Begins a document: its kind, its name, a line about it and its page.
    pub(super) fn document(&mut self, kind: &str, name: &str, about: &str, page: &str) {
        let line: String = about.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect();
        self.documents.push(json!([kind, name, line, page]));
        self.identifier(self.documents.len() - 1, TermClass::Name, name);
        self.add(TermClass::Title, &line);
    }

    /// Adds the words of a text to the newest document.
    pub(super) fn add(&mut self, class: TermClass, text: &str) {
        let document = self.documents.len() - 1;
        for term in parts(text) {
            if !EMPTY.contains(&term.as_str()) {
                self.post(term, class, "", document);
            }
        }
    }

    /// Adds a name: its parts, and all of it without what parts them, so that `order_id`, `orderId` and `order-id` are one.
    pub(super) fn identifier(&mut self, document: usize, class: TermClass, name: &str) {
        // A topic is found by its segments; nobody types all of it without its dots.
        let label = if class == TermClass::Name { "" } else { name };
        for word in name.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).filter(|word| !word.is_empty()) {
            let parts: BTreeSet<String> = parts(word).collect();
            let whole: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(MAX_TERM_LENGTH).collect();
            for term in parts.into_iter().chain([whole]) {
                self.post(term, class, label, document);
            }
        }
    }

    fn post(&mut self, term: String, class: TermClass, label: &str, document: usize) {
        if term.is_empty() {
            return;
        }
        let document = u32::try_from(document).unwrap_or(u32::MAX);
        let label: String = label.chars().take(60).collect();
        let documents = self.terms.entry(term).or_default().entry((class, label)).or_default();
        if documents.last() != Some(&document) {
            documents.push(document);
        }
    }

    /// Returns the number of the newest document.
    pub(super) fn newest(&self) -> usize {
        self.documents.len().saturating_sub(1)
    }
}

/// Returns the parts of a text or name, in small letters: runs of letters and digits, parted where a capital follows a small
/// letter too.
fn parts(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).flat_map(|word| {
        let mut found = vec![String::new()];
        let mut small = false;
        for c in word.chars() {
            if small && c.is_uppercase() {
                found.push(String::new());
            }
            small = c.is_lowercase() || c.is_numeric();
            if let Some(last) = found.last_mut() {
                last.extend(c.to_lowercase().take(MAX_TERM_LENGTH - last.len().min(MAX_TERM_LENGTH)));
            }
        }
        found.into_iter().filter(|part| !part.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_parts() {
        for (text, expected) in
            [("orderId", &["order", "id"][..]), ("blake3_hash", &["blake3", "hash"]), ("HTTPServer é", &["httpserver", "é"]), ("--", &[])]
        {
            assert_eq!(parts(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
