//! The search index: files that the reader's browser loads piece by piece, as it needs them.
//!
//! A page that is opened from a folder may load scripts and nothing else, so every piece is a script that calls `catalogIndex` with its
//! name and data. `index` says which pieces there are; `d-N` describes documents; `t-PREFIX` has the terms that begin with a prefix, with
//! the documents that have them; `words` has all terms, for words that are misspelled. A piece whose terms take too much room is
//! parted by the next character, so that a change in one schema changes few of them. `templates/site/assets/search.js` reads this.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{
    GeneratedFile,
    catalog::{Contract, ContractKind},
    types::{Shape, TypeId},
};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::event::Seen;
use crate::emit::catalog::{
    fields::Table,
    markdown::is_unseen,
    site::{Site, domain_label, namespace_label},
};

/// Documents in one piece.
const DOCUMENTS: usize = 48;

/// A piece of terms with more bytes is parted.
const PIECE: usize = 20_000;

/// Terms for misspelled words take no more bytes.
const WORDS: usize = 60_000;

/// A term leads to no more documents, those first where it says most.
const MOST_POSTINGS: usize = 12_000;

/// Longer terms are cut.
const LONGEST_TERM: usize = 40;

/// Words that say nothing.
const EMPTY: &[&str] =
    &["a", "an", "and", "are", "as", "at", "be", "by", "for", "in", "is", "it", "of", "on", "or", "that", "the", "to", "was", "with"];

/// Where a term stands in a document: what is said of a match, and how much it counts. `search.js` has the same list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Class {
    Name,
    Title,
    Field,
    Type,
    Party,
    Tag,
    Value,
    About,
    Envelope,
}

/// The words of an event's fields.
pub(super) struct Words {
    fields: BTreeSet<String>,
    values: BTreeSet<String>,
}

impl Words {
    /// The names of fields, and the strings that they may hold.
    pub(super) fn of(table: &Table) -> Self {
        let name = |leaf: &str| leaf.rsplit('.').next().unwrap_or(leaf).to_owned();
        let fields = table.rows.iter().map(|row| name(&row.leaf)).collect();
        let values = table.rows.iter().flat_map(|row| &row.values).filter_map(Value::as_str).map(str::to_owned).collect();
        Self { fields, values }
    }
}

/// The pieces of the index.
pub(super) fn files(site: &Site<'_>, seen: &[Seen]) -> Vec<GeneratedFile> {
    let mut index = Index::default();
    for (at, seen) in seen.iter().enumerate() {
        index.contract(site, at, seen);
    }
    index.parties(site);
    index.places(site);
    index.types(site);
    for rule in site.input.rules {
        index.document("rule", &format!("{} {}", rule.code, rule.name), rule.summary, &format!("rules/{}.html", rule.code));
        index.add(Class::About, rule.summary);
    }
    // What every event of a namespace carries around its payload.
    let envelopes: Vec<Option<usize>> = site
        .namespaces
        .iter()
        .enumerate()
        .map(|(namespace, _)| {
            site.contracts.iter().position(|entry| entry.contract.kind == ContractKind::Envelope && entry.contract.namespace == namespace)
        })
        .collect();
    for (at, entry) in site.contracts.iter().enumerate().filter(|(_, entry)| entry.contract.kind == ContractKind::Event) {
        let Some(envelope) = envelopes[entry.contract.namespace] else { continue };
        for field in seen[envelope].words.fields.difference(&seen[at].words.fields) {
            index.identifier(at, Class::Envelope, field);
        }
    }
    index.pieces()
}

/// Where terms stand: by class and the name that they are part of.
type Groups = FxHashMap<(Class, String), Vec<u32>>;

#[derive(Default)]
struct Index {
    documents: Vec<Value>,
    terms: FxHashMap<String, Groups>,
}

impl Index {
    fn contract(&mut self, site: &Site<'_>, at: usize, seen: &Seen) {
        let entry = &site.contracts[at];
        let contract: &Contract = entry.contract;
        let kind = match contract.kind {
            ContractKind::Event if contract.metadata.deprecated.is_some() => "deprecated event",
            ContractKind::Event => "event",
            ContractKind::Envelope => "envelope",
            ContractKind::DeadLetter => "dead letter",
        };
        self.document(kind, &contract.topic, site.title(contract), &entry.page);
        self.add(Class::About, site.description(contract));
        let document = self.documents.len() - 1;
        let metadata = &contract.metadata;
        self.identifier(document, Class::Type, &contract.type_name);
        let consumers = entry.consumers.iter().map(|consumer| consumer.service);
        let parties: BTreeSet<&str> =
            metadata.producers.iter().map(String::as_str).chain(consumers).chain(metadata.owner.as_deref()).collect();
        for party in parties {
            self.identifier(document, Class::Party, party);
        }
        for tag in &metadata.tags {
            self.identifier(document, Class::Tag, tag);
        }
        for field in &seen.words.fields {
            self.identifier(document, Class::Field, field);
        }
        for value in seen.words.values.iter().filter(|value| value.len() <= LONGEST_TERM) {
            self.identifier(document, Class::Value, value);
        }
    }

    fn parties(&mut self, site: &Site<'_>) {
        let config = &site.input.catalog.config;
        for (name, party) in &site.services {
            let about = config.services.get(*name).map_or("", |service| service.description.as_str());
            self.document("service", name, about, &party.page);
        }
        for (name, party) in &site.owners {
            let about = config.owners.get(*name).map_or("", |owner| owner.description.as_str());
            self.document("owner", name, about, &party.page);
        }
    }

    fn places(&mut self, site: &Site<'_>) {
        let namespaces = &site.input.catalog.config.namespace;
        for (namespace, pages) in namespaces.iter().zip(&site.namespaces) {
            if let Some(pages) = pages {
                self.document("namespace", namespace_label(&namespace.name), &namespace.description, &pages.page);
            }
        }
        for ((namespace, name), party) in &site.domains {
            let label = namespace_label(&namespaces[*namespace].name);
            self.document("domain", &format!("{label} / {}", domain_label(name)), "", &party.page);
        }
    }

    fn types(&mut self, site: &Site<'_>) {
        let mut ids: Vec<(&TypeId, &String)> = site.shared.iter().collect();
        ids.sort();
        for (id, page) in ids {
            let ty = site.input.types.get(*id);
            let about = site.input.catalog.schemas.keywords(ty.node).and_then(|keywords| keywords.description.as_deref());
            self.document("type", &ty.name, about.unwrap_or(""), page);
            let document = self.documents.len() - 1;
            if let Shape::Object(object) = &ty.shape {
                for field in &object.fields {
                    self.identifier(document, Class::Field, &field.name);
                }
            }
        }
    }

    /// Begins a document: its kind, its name, a line about it and its page.
    fn document(&mut self, kind: &str, name: &str, about: &str, page: &str) {
        let line: String = about.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect();
        self.documents.push(json!([kind, name, line, page]));
        self.identifier(self.documents.len() - 1, Class::Name, name);
        self.add(Class::Title, &line);
    }

    /// Adds the words of a text to the newest document.
    fn add(&mut self, class: Class, text: &str) {
        let document = self.documents.len() - 1;
        for term in parts(text) {
            if !EMPTY.contains(&term.as_str()) {
                self.post(term, class, "", document);
            }
        }
    }

    /// Adds a name: its parts, and all of it without what parts them, so that `order_id`, `orderId` and `order-id` are one.
    fn identifier(&mut self, document: usize, class: Class, name: &str) {
        // A topic is found by its segments; nobody types all of it without its dots.
        let label = if class == Class::Name { "" } else { name };
        for word in name.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).filter(|word| !word.is_empty()) {
            let parts: BTreeSet<String> = parts(word).collect();
            let whole: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(LONGEST_TERM).collect();
            for term in parts.into_iter().chain([whole]) {
                self.post(term, class, label, document);
            }
        }
    }

    fn post(&mut self, term: String, class: Class, label: &str, document: usize) {
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

    fn pieces(self) -> Vec<GeneratedFile> {
        let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
        let mut entries: BTreeMap<String, String> = BTreeMap::new();
        for (term, groups) in self.terms {
            sizes.insert(term.clone(), groups.values().map(Vec::len).sum());
            entries.insert(term.clone(), script_text(&entry(&term, groups)));
        }
        let mut pieces = BTreeMap::new();
        part(&entries.iter().collect::<Vec<_>>(), String::new(), &mut pieces);
        let mut files: Vec<GeneratedFile> =
            pieces.iter().map(|(prefix, body)| piece(&format!("t-{}", file_name(prefix)), &format!("[{body}]"))).collect();
        for (number, documents) in self.documents.chunks(DOCUMENTS).enumerate() {
            files.push(piece(&format!("d-{number}"), &script_text(&json!(documents))));
        }
        let prefixes: Vec<[String; 2]> = pieces.into_keys().map(|prefix| [file_name(&prefix), prefix]).collect();
        files.push(piece("index", &script_text(&json!({ "documents": self.documents.len(), "each": DOCUMENTS, "pieces": prefixes }))));
        files.push(piece("words", &script_text(&json!(words(&sizes)))));
        files
    }
}

/// A term with everything that it leads to: `[term, [[label, class, documents], ...]]`.
fn entry(term: &str, groups: Groups) -> Value {
    let mut groups: Vec<((Class, String), Vec<u32>)> = groups.into_iter().collect();
    groups.sort_unstable();
    let mut room = MOST_POSTINGS;
    let mut lists = Vec::new();
    for ((class, label), mut documents) in groups {
        documents.sort_unstable();
        documents.dedup();
        documents.truncate(room);
        room -= documents.len();
        if !documents.is_empty() {
            lists.push(json!([label, class as u8, steps(&documents)]));
        }
    }
    json!([term, lists])
}

/// Parts the terms that begin with a prefix by their next character where they take too much room. What is the prefix itself stays.
fn part(entries: &[(&String, &String)], prefix: String, pieces: &mut BTreeMap<String, String>) {
    let size: usize = entries.iter().map(|(_, text)| text.len() + 1).sum();
    let join = |entries: &[(&String, &String)]| entries.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(",\n");
    let length = prefix.chars().count();
    let (own, longer): (Vec<_>, Vec<_>) = entries.iter().copied().partition(|(term, _)| term.chars().count() <= length);
    if size <= PIECE || longer.is_empty() {
        pieces.insert(prefix, join(entries));
        return;
    }
    if !own.is_empty() {
        pieces.insert(prefix.clone(), join(&own));
    }
    let next = |term: &String| term.chars().nth(length);
    for group in longer.chunk_by(|(a, _), (b, _)| next(a) == next(b)) {
        let mut below = prefix.clone();
        below.extend(next(group[0].0));
        part(group, below, pieces);
    }
}

/// The parts of a text or name, in small letters: runs of letters and digits, parted where a capital follows a small letter too.
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
                last.extend(c.to_lowercase().take(LONGEST_TERM - last.len().min(LONGEST_TERM)));
            }
        }
        found.into_iter().filter(|part| !part.is_empty())
    })
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Numbers that grow, as the steps between them: five bits a character, the lowest first, the sixth bit where more follow.
fn steps(documents: &[u32]) -> String {
    let mut out = String::with_capacity(documents.len() * 2);
    let mut before = 0;
    for (at, document) in documents.iter().enumerate() {
        let mut step = if at == 0 { *document } else { document - before - 1 };
        before = *document;
        loop {
            let more = u32::from(step > 31) << 5;
            out.push(char::from(DIGITS[((step & 31) | more) as usize]));
            step >>= 5;
            if more == 0 {
                break;
            }
        }
    }
    out
}

/// All terms in their order, each as how much it shares with the one before (a digit) and the rest. Those that lead to most stay where
/// not all have room.
fn words(sizes: &BTreeMap<String, usize>) -> String {
    let mut by_size: Vec<(&String, usize)> =
        sizes.iter().filter(|(term, _)| term.chars().count() > 3).map(|(term, size)| (term, *size)).collect();
    by_size.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut room = WORDS;
    let kept = by_size.iter().take_while(|(term, _)| {
        let fits = room > term.len();
        room = room.saturating_sub(term.len() + 2);
        fits
    });
    let kept: BTreeSet<&str> = kept.map(|(term, _)| term.as_str()).collect();
    let (mut out, mut before) = (String::new(), "");
    for term in kept {
        let shared = term.chars().zip(before.chars()).take_while(|(a, b)| a == b).count().min(DIGITS.len() - 1);
        out.push(char::from(DIGITS[shared]));
        out.extend(term.chars().skip(shared));
        out.push('\n');
        before = term;
    }
    out
}

/// A prefix as part of a file's name.
fn file_name(prefix: &str) -> String {
    prefix.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("-{:x}", u32::from(c)) }).collect()
}

fn piece(name: &str, data: &str) -> GeneratedFile {
    GeneratedFile { path: format!("search/{name}.js"), text: format!("catalogIndex(\"{name}\",{data});\n") }
}

/// A value as it may stand in a script: characters that a reader could not see are written as escapes.
fn script_text(value: &Value) -> String {
    let plain = value.to_string();
    if !plain.chars().any(is_unseen) {
        return plain;
    }
    let mut out = String::with_capacity(plain.len() + 16);
    for c in plain.chars() {
        if is_unseen(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
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

    #[test]
    fn steps_are_short() {
        assert_eq!(steps(&[0, 1, 2, 35, 1000]), "AAAgBke");
        assert_eq!(steps(&[]), "");
    }

    #[test]
    fn large_pieces_are_parted() {
        let text = "x".repeat(PIECE / 2);
        let entries: BTreeMap<String, String> = ["a", "ab", "ac", "b"].map(|term| (term.to_owned(), text.clone())).into();
        let mut pieces = BTreeMap::new();
        part(&entries.iter().collect::<Vec<_>>(), String::new(), &mut pieces);
        assert_eq!(pieces.into_keys().collect::<Vec<_>>(), ["a", "ab", "ac", "b"]);
    }

    #[test]
    fn words_share_their_beginnings() {
        let sizes = ["order", "ordered", "id"].map(|term| (term.to_owned(), 1)).into();
        assert_eq!(words(&sizes), "Aorder\nFed\n");
    }
}
