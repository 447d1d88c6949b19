//! Readable identifiers from any text, unique where they must be.
//!
//! Emitters add only what their language asks for: the escape of its own keywords.

use std::collections::HashSet;

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::text::is_hidden;

/// The longest title that is taken as a name; a longer one is prose.
const LONGEST_TITLE: usize = 60;

/// The name of a contract's root type: from its title, else from the last two parts of its path.
///
/// ```
/// use eventc_model::names::type_name;
/// assert_eq!(type_name(Some("Codegen validate request"), &["codegen", "request", "validate"]), "CodegenValidateRequest");
/// assert_eq!(type_name(None, &["sales", "order", "created"]), "OrderCreated");
/// ```
pub fn type_name(title: Option<&str>, path: &[&str]) -> String {
    let from_title = title.filter(|title| title.len() <= LONGEST_TITLE).map(upper_camel).filter(|name| !name.is_empty());
    from_title.unwrap_or_else(|| {
        let tail = &path[path.len().saturating_sub(2)..];
        let name = upper_camel(&tail.join(" "));
        if name.is_empty() { "Event".to_owned() } else { name }
    })
}

/// A title as a type name, if it can be one.
pub(crate) fn title_name(title: Option<&str>) -> Option<String> {
    title.filter(|title| title.len() <= LONGEST_TITLE).map(upper_camel).filter(|name| !name.is_empty())
}

/// Names for a definition that is called by a URL, as bundles have them: its last part, and more of them where that is taken.
/// Parts that only say a version come late.
pub(crate) fn url_names(text: &str) -> Vec<String> {
    let Some((_, path)) = text.split_once("://") else { return Vec::new() };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let path = path.trim_end_matches('/');
    let path = [".json", ".yaml", ".yml", ".schema"].iter().fold(path, |path, end| path.strip_suffix(end).unwrap_or(path));
    let parts: Vec<&str> = path.split('/').skip(1).filter(|part| !part.is_empty()).collect();
    let is_version = |part: &&str| part.trim_start_matches('v').chars().all(|c| c.is_ascii_digit() || c == '.');
    let named: Vec<&str> = parts.iter().copied().filter(|part| !is_version(part)).collect();
    let tail = |parts: &[&str], count: usize| upper_camel(&parts[parts.len().saturating_sub(count)..].join(" "));
    vec![tail(&named, 1), tail(&named, 2), tail(&parts, 3)]
}

/// Text as an identifier in UpperCamelCase; empty where nothing of it can be in one.
///
/// ```
/// use eventc_model::names::upper_camel;
/// assert_eq!(upper_camel("order-line item"), "OrderLineItem");
/// assert_eq!(upper_camel("3d model"), "_3dModel");
/// assert_eq!(upper_camel("Größe"), "Größe");
/// ```
pub fn upper_camel(text: &str) -> String {
    guard_digit(capitalized(text).unwrap_or_else(|| clean(text).to_upper_camel_case()))
}

/// Text as an identifier in snake_case; empty where nothing of it can be in one.
///
/// ```
/// use eventc_model::names::snake;
/// assert_eq!(snake("correlationId"), "correlation_id");
/// assert_eq!(snake("@type"), "type");
/// ```
pub fn snake(text: &str) -> String {
    guard_digit(if is_snake(text) { text.to_owned() } else { clean(text).to_snake_case() })
}

/// Text with every character that is no letter or digit spelled out, for names that would else be empty or equal.
///
/// ```
/// use eventc_model::names::spelled;
/// assert_eq!(spelled("+1"), "plus 1");
/// assert_eq!(spelled("a<b"), "a less b");
/// ```
pub fn spelled(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match word_for(c) {
            Some(word) => {
                out.push(' ');
                out.push_str(word);
                out.push(' ');
            }
            None if is_word(c) => out.push(c),
            None => out.push_str(&format!(" u{:x} ", u32::from(c))),
        }
    }
    out.trim().to_owned()
}

fn word_for(c: char) -> Option<&'static str> {
    Some(match c {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "bang",
        '?' => "question",
        '@' => "at",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '^' => "caret",
        '~' => "tilde",
        '`' => "tick",
        '\'' => "quote",
        '"' => "double quote",
        '(' => "open",
        ')' => "close",
        '[' => "open bracket",
        ']' => "close bracket",
        '{' => "open brace",
        '}' => "close brace",
        '_' => "underscore",
        ' ' => "space",
        _ => return None,
    })
}

/// Characters that identifiers of all three languages may hold after the first (Unicode Standard Annex 31, `XID_Continue`), and that
/// they have known for long: compilers bring Unicode tables of different years.
fn is_word(c: char) -> bool {
    let young = matches!(c, '\u{88f}' | '\u{1c89}'..='\u{1c8a}' | '\u{a7cb}'..='\u{a7f1}' | '\u{10000}'..);
    let is_letter = |c: char| c.is_alphabetic() && unicode_ident::is_xid_continue(c) && !young && !is_hidden(c);
    c.is_ascii_alphanumeric() || (!c.is_ascii() && is_letter(c))
}

/// Whether text is in snake_case as it stands: most names are, and need no search for words.
fn is_snake(text: &str) -> bool {
    let mut before = b'_';
    let fits = text.bytes().all(|byte| {
        let fits = byte.is_ascii_lowercase() || byte.is_ascii_digit() || (byte == b'_' && before != b'_');
        before = byte;
        fits
    });
    fits && before != b'_'
}

/// Words that are in small letters, or have a capital at their beginning alone, joined with a capital each. `None` for other text, in
/// which capitals may tell where words begin.
fn capitalized(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for word in text.split([' ', '_', '-']).filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at_checked(1)?;
        let plain = rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let capital = first.as_bytes()[0].is_ascii_uppercase() && rest.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if !plain || !(capital || first.as_bytes()[0].is_ascii_lowercase() || first.as_bytes()[0].is_ascii_digit()) {
            return None;
        }
        out.push_str(&first.to_ascii_uppercase());
        out.push_str(rest);
    }
    Some(out)
}

fn clean(text: &str) -> String {
    text.chars().map(|c| if is_word(c) { c } else { ' ' }).collect()
}

fn guard_digit(name: String) -> String {
    if name.starts_with(|c: char| !unicode_ident::is_xid_start(c) && c != '_') { format!("_{name}") } else { name }
}

/// Names that are taken, compared without case so that files and constants cannot clash either.
#[derive(Debug, Default, Clone)]
pub struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// Takes a name if it is free.
    pub fn take(&mut self, name: &str) -> bool {
        !name.is_empty() && self.taken.insert(name.to_lowercase())
    }

    /// Takes the first free name of the candidates; where none is free, the last with the smallest number that makes it so.
    pub fn claim(&mut self, candidates: impl IntoIterator<Item = String>) -> String {
        let mut last = String::from("value");
        for candidate in candidates {
            if self.take(&candidate) {
                return candidate;
            }
            if !candidate.is_empty() {
                last = candidate;
            }
        }
        let mut number = 2_u32;
        loop {
            let name = format!("{last}_{number}");
            if self.take(&name) {
                return name;
            }
            number += 1;
        }
    }
}

/// Unique identifiers for names of one scope, in their order: a name that is spelled as its identifier keeps it, whichever
/// others fold to the same.
///
/// ```
/// use eventc_model::names::{idents, snake};
/// assert_eq!(idents(&["foo-bar", "foo_bar", "+1"], snake), ["foo_minus_bar", "foo_bar", "plus_1"]);
/// ```
pub fn idents<T: AsRef<str>>(names: &[T], fold: fn(&str) -> String) -> Vec<String> {
    let mut scope = Scope::default();
    let mut out = vec![String::new(); names.len()];
    for (slot, name) in out.iter_mut().zip(names) {
        let ident = fold(name.as_ref());
        if ident == name.as_ref() && scope.take(&ident) {
            *slot = ident;
        }
    }
    for (slot, name) in out.iter_mut().zip(names) {
        if slot.is_empty() {
            let name = name.as_ref();
            let long = if name.is_empty() { fold("empty") } else { fold(&spelled(name)) };
            let short = fold(name);
            // `+1` is better called plus_1 than _1; `2d` has nothing better.
            let guarded = short.starts_with('_') && !name.starts_with(|c: char| c.is_numeric());
            let cased = fold(&cased(name));
            *slot = if guarded { scope.claim([long, short, cased]) } else { scope.claim([short, long, cased]) };
        }
    }
    out
}

/// A text with the word for its case, for names that differ by nothing else.
fn cased(text: &str) -> String {
    let word = match (text.chars().any(char::is_lowercase), text.chars().any(char::is_uppercase)) {
        (true, true) => "mixed",
        (true, false) => "lower",
        (false, true) => "upper",
        (false, false) => return String::new(),
    };
    format!("{word} {text}")
}

/// The known word that was probably meant by a misspelled one; upper and lower case count as one.
///
/// ```
/// use eventc_model::names::nearest;
/// let known = ["minLength", "maxLength", "pattern"];
/// assert_eq!(nearest("minlenght", known.into_iter()), Some("minLength"));
/// assert_eq!(nearest("items", known.into_iter()), None);
/// ```
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = wrong.to_lowercase();
    let distances = known.map(|word| (strsim::damerau_levenshtein(&folded, &word.to_lowercase()), word));
    let near = distances
        .filter(|(distance, word)| *distance <= word.chars().count().min(wrong.chars().count()) / 4 + usize::from(wrong.len() > 3));
    near.min().map(|(_, word)| word)
}

/// `did you mean ...?`, or all that there is.
pub fn suggest<'a>(wrong: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let near = nearest(wrong, known.clone());
    near.map_or_else(|| format!("known here: {}", known.collect::<Vec<_>>().join(", ")), |near| format!("did you mean {near:?}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The short ways give what the search for words gives, for every text of up to six of these characters.
    #[test]
    fn short_ways_change_nothing() {
        const LETTERS: [char; 6] = ['a', 'B', '1', '_', '-', ' '];
        let mut texts = vec![String::new()];
        for _ in 0..6 {
            let longer: Vec<String> = texts.iter().flat_map(|text| LETTERS.map(|letter| format!("{text}{letter}"))).collect();
            for text in &longer {
                assert_eq!(snake(text), guard_digit(clean(text).to_snake_case()), "{text:?}");
                assert_eq!(upper_camel(text), guard_digit(clean(text).to_upper_camel_case()), "{text:?}");
            }
            texts = longer;
        }
    }

    #[test]
    fn names_that_differ_by_case_alone_say_which() {
        assert_eq!(idents(&["open", "OPEN", "Open", "oPEN"], upper_camel), ["LowerOpen", "UpperOpen", "Open", "MixedOPen"]);
        assert_eq!(idents(&["id", "ID"], snake), ["id", "upper_id"]);
    }

    #[test]
    fn definitions_called_by_a_url_have_short_names() {
        let names = url_names("http://example.com/bindings/kafka/0.5.0/channel.json");
        assert_eq!(names, ["Channel", "KafkaChannel", "Kafka050Channel"]);
        assert_eq!(url_names("https://example.com/draft-07/schema#")[..2], ["Schema", "Draft07Schema"]);
        assert!(url_names("channel").is_empty());
    }
}
