//! The index as files: pieces that a browser loads as it needs them.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{GeneratedFile, text};
use serde_json::{Value, json};

use super::index::{SearchIndex, TermClass, TermGroups};

/// Documents in one piece.
const DOCUMENTS: usize = 48;

/// A piece of terms with more bytes is parted.
const PIECE: usize = 20_000;

/// The maximum number of bytes of terms for misspelled words.
const WORDS: usize = 60_000;

/// A term leads to no more documents, those first where it says most.
const MAX_POSTINGS: usize = 12_000;

/// Returns every piece of an index, and that of the rules.
pub(super) fn files(index: SearchIndex, rules: &[Value]) -> Vec<GeneratedFile> {
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    let mut entries: BTreeMap<String, String> = BTreeMap::new();
    for (term, groups) in index.terms {
        sizes.insert(term.clone(), groups.values().map(Vec::len).sum());
        entries.insert(term.clone(), script_text(&entry(&term, groups)));
    }
    let mut pieces = BTreeMap::new();
    part(&entries.iter().collect::<Vec<_>>(), String::new(), &mut pieces);
    let mut files: Vec<GeneratedFile> =
        pieces.iter().map(|(prefix, body)| piece(&format!("t-{}", file_name(prefix)), &format!("[{body}]"))).collect();
    for (number, documents) in index.documents.chunks(DOCUMENTS).enumerate() {
        files.push(piece(&format!("d-{number}"), &script_text(&json!(documents))));
    }
    let prefixes: Vec<[String; 2]> = pieces.into_keys().map(|prefix| [file_name(&prefix), prefix]).collect();
    files.push(piece("index", &script_text(&json!({ "documents": index.documents.len(), "each": DOCUMENTS, "pieces": prefixes }))));
    files.push(piece("rules", &script_text(&json!(rules))));
    files.push(piece("words", &script_text(&json!(words(&sizes)))));
    files
}

/// Returns a term with everything that it leads to: `[term, [[label, class, documents], ...]]`.
fn entry(term: &str, groups: TermGroups) -> Value {
    let mut groups: Vec<((TermClass, String), Vec<u32>)> = groups.into_iter().collect();
    groups.sort_unstable();
    let mut room = MAX_POSTINGS;
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

/// Splits the terms that begin with a prefix by their next character where they take too much room. What is the prefix itself
/// stays.
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

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Returns growing numbers as the steps between them: five bits a character, the lowest first, the sixth bit where more follow.
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

/// Returns all terms in their order, each as how much it shares with the one before (a digit) and the rest. Those that lead
/// to most stay where not all have room.
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

/// Returns a prefix as part of a file's name.
fn file_name(prefix: &str) -> String {
    prefix.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("-{:x}", u32::from(c)) }).collect()
}

fn piece(name: &str, data: &str) -> GeneratedFile {
    GeneratedFile { path: format!("search/{name}.js"), text: format!("catalogIndex(\"{name}\",{data});\n") }
}

/// Returns a value as it may stand in a script: characters that a reader could not see are written as escapes.
fn script_text(value: &Value) -> String {
    text::json(&value.to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

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
