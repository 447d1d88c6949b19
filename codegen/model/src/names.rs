//! Readable identifiers from any text, unique where they must be.
//!
//! Emitters add only what their language asks for: the escape of its own keywords.

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::text::is_hidden;

/// The maximum length of a title that is taken as a name; a longer one is prose.
const MAX_TITLE_LENGTH: usize = 60;

/// The longest word for which another is suggested, and the maximum number of words that it is compared with.
const MAX_COMPARED_LENGTH: usize = 200;
const MAX_COMPARED: usize = 10_000;

/// Returns the name of a contract's root type: from its title, else from the last two parts of its path.
///
/// ```
/// use eventc_model::names::type_name;
/// assert_eq!(type_name(Some("Codegen validate request"), &["codegen", "request", "validate"]), "CodegenValidateRequest");
/// assert_eq!(type_name(None, &["sales", "order", "created"]), "OrderCreated");
/// ```
pub fn type_name(title: Option<&str>, path: &[&str]) -> String {
    let from_title = title.filter(|title| title.len() <= MAX_TITLE_LENGTH).map(upper_camel).filter(|name| !name.is_empty());
    from_title.unwrap_or_else(|| {
        let tail = &path[path.len().saturating_sub(2)..];
        let name = upper_camel(&tail.join(" "));
        if name.is_empty() { "Event".to_owned() } else { name }
    })
}

/// Returns a title as a type name, if it can be one.
pub(crate) fn title_name(title: Option<&str>) -> Option<String> {
    title.filter(|title| title.len() <= MAX_TITLE_LENGTH).map(upper_camel).filter(|name| !name.is_empty())
}

/// Returns names for a definition that is called by a URL, as bundles have them: its last part, and more of them where that is taken.
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

/// Returns text as an identifier in UpperCamelCase; empty where nothing of it can be in one.
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

/// Returns text as an identifier in snake_case; empty where nothing of it can be in one.
///
/// ```
/// use eventc_model::names::snake;
/// assert_eq!(snake("correlationId"), "correlation_id");
/// assert_eq!(snake("@type"), "type");
/// ```
pub fn snake(text: &str) -> String {
    guard_digit(if is_snake(text) { text.to_owned() } else { clean(text).to_snake_case() })
}

/// Returns text with every character that is no letter or digit spelled out, for names that would else be empty or equal.
///
/// ```
/// use eventc_model::names::transliterate;
/// assert_eq!(transliterate("+1"), "plus 1");
/// assert_eq!(transliterate("a<b"), "a less b");
/// ```
pub fn transliterate(text: &str) -> String {
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

/// Returns whether text is in snake_case as it stands: most names are, and need no search for words.
fn is_snake(text: &str) -> bool {
    let mut before = b'_';
    let fits = text.bytes().all(|byte| {
        let fits = byte.is_ascii_lowercase() || byte.is_ascii_digit() || (byte == b'_' && before != b'_');
        before = byte;
        fits
    });
    fits && before != b'_'
}

/// Joins words that are in small letters, or have a capital at their beginning alone, with a capital each. `None` for other text, in
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

/// Chooses a name for each of several things that stand in one scope, from its own candidates in their order.
///
/// A candidate that two things ever come to is nobody's, so that no name ever passes from one thing to another: whatever is added to the
/// scope, a name stays with its thing or vanishes. Things that `keeps` tells keep their first candidate. Names are compared without case,
/// so that files and constants cannot clash either. Where all candidates of a thing are contested, a number is added to the last.
pub(crate) fn allocate(wanted: &[Vec<String>], keeps: impl Fn(usize) -> bool) -> Vec<String> {
    let mut claims: HashMap<String, Vec<usize>> = HashMap::new();
    let mut at = vec![0_usize; wanted.len()];
    let mut open: Vec<usize> = (0..wanted.len()).rev().collect();
    while let Some(index) = open.pop() {
        let Some(name) = wanted[index].get(at[index]) else { continue };
        let claimers = claims.entry(name.to_lowercase()).or_default();
        let first = claimers.first().copied();
        claimers.push(index);
        if name.is_empty() || first.is_some_and(|first| first != index) {
            at[index] += 1;
            open.push(index);
        }
        // The first, if it still stands there, goes on as well.
        if let Some(first) = first.filter(|first| *first != index && !keeps(*first))
            && wanted[first].get(at[first]).is_some_and(|other| other.to_lowercase() == name.to_lowercase())
        {
            at[first] += 1;
            open.push(first);
        }
    }
    let mut numbered: HashSet<String> = HashSet::new();
    let mut number = |last: &str| {
        let names = (2_u32..).map(|number| format!("{last}{number}"));
        names
            .into_iter()
            .find(|name| !claims.contains_key(&name.to_lowercase()) && numbered.insert(name.to_lowercase()))
            .unwrap_or_default()
    };
    let chosen = |(names, at): (&Vec<String>, &usize)| {
        names.get(*at).cloned().unwrap_or_else(|| number(names.last().map_or("value", String::as_str)))
    };
    wanted.iter().zip(&at).map(chosen).collect()
}

/// Returns unique identifiers for names of one scope, in their order.
///
/// An identifier keeps its meaning whatever is added to the scope: where several names fold to one, none of them has it, and each is
/// spelled out, with an underscore at its end, which no other identifier has.
///
/// ```
/// use eventc_model::names::{idents, snake};
/// assert_eq!(idents(&["fooBar", "+1"], snake), ["foo_bar", "plus_1"]);
/// assert_eq!(idents(&["fooBar", "foo-bar"], snake), ["mixed_foo_bar_", "foo_minus_bar_"]);
/// ```
pub fn idents<T: AsRef<str>>(names: &[T], fold: fn(&str) -> String) -> Vec<String> {
    let wanted: Vec<Vec<String>> = names.iter().map(|name| candidates(name.as_ref(), fold)).collect();
    allocate(&wanted, |_| false)
}

/// Returns the identifiers that a name may have, the best first; each depends on the name alone.
fn candidates(name: &str, fold: fn(&str) -> String) -> Vec<String> {
    let spelled = if name.is_empty() { "empty".to_owned() } else { transliterate(name) };
    let short = fold(name);
    // `+1` is better called plus_1 than _1; `2d` has nothing better.
    let guarded = short.starts_with('_') && !name.starts_with(char::is_numeric);
    let short = if guarded || short.is_empty() { fold(&spelled) } else { short };
    let last = |text: &str| Some(fold(text)).filter(|ident| !ident.is_empty()).map(|ident| format!("{ident}_"));
    let long = (spelled != name).then(|| last(&spelled)).flatten();
    let with_case = last(&cased(&spelled));
    let with_digest = format!("{}_", last(&format!("{spelled} {}", digest_word(name))).unwrap_or_default());
    [Some(short), long, with_case, Some(with_digest)].into_iter().flatten().collect()
}

/// Makes a word of a text, in small letters, that is the same everywhere.
pub(crate) fn digest_word(text: &str) -> String {
    let mut rest = digest(text);
    let letters = (0..6).map(|_| {
        let letter = char::from(b'a' + u8::try_from(rest % 26).unwrap_or_default());
        rest /= 26;
        letter
    });
    letters.collect()
}

/// Makes a number of a text that is the same on every machine and in every version (FNV-1a).
fn digest(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Returns a text with the word for its case, for names that differ by nothing else.
pub(crate) fn cased(text: &str) -> String {
    let word = match (text.chars().any(char::is_lowercase), text.chars().any(char::is_uppercase)) {
        (true, true) => "mixed",
        (true, false) => "lower",
        (false, true) => "upper",
        (false, false) => return String::new(),
    };
    format!("{word} {text}")
}

/// Returns the known word that was probably meant by a misspelled one; upper and lower case count as one.
///
/// ```
/// use eventc_model::names::nearest;
/// let known = ["minLength", "maxLength", "pattern"];
/// assert_eq!(nearest("minlenght", known.into_iter()), Some("minLength"));
/// assert_eq!(nearest("items", known.into_iter()), None);
/// ```
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (folded, length) = (wrong.to_lowercase(), wrong.chars().count());
    if length > MAX_COMPARED_LENGTH {
        return None;
    }
    let near = known.take(MAX_COMPARED).filter_map(|word| {
        let other = word.chars().count();
        let most = other.min(length) / 4 + usize::from(wrong.len() > 3);
        // So many letters at least are one word's alone.
        let distance = (other.abs_diff(length) <= most).then(|| strsim::damerau_levenshtein(&folded, &word.to_lowercase()))?;
        (distance <= most).then_some((distance, word))
    });
    near.min().map(|(_, word)| word)
}

/// Returns `did you mean ...?`, or what there is.
pub fn suggest<'a>(wrong: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    nearest(wrong, known.clone()).map_or_else(|| known_here(known), |near| format!("did you mean {near:?}?"))
}

/// Returns `known here: a, b, c`, of many names the first ones and how many there are besides.
pub fn known_here<'a>(known: impl Iterator<Item = &'a str>) -> String {
    const MAX_TOLD: usize = 32;
    let known: Vec<&str> = known.collect();
    let (told, more) = known.split_at(known.len().min(MAX_TOLD));
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    format!("known here: {}{more}", told.join(", "))
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
        assert_eq!(idents(&["open", "OPEN", "Open"], upper_camel), ["LowerOpen_", "UpperOpen_", "MixedOpen_"]);
        assert_eq!(idents(&["id", "ID"], snake), ["lower_id_", "upper_id_"]);
    }

    /// An identifier may vanish when a name is added, and never means another name.
    #[test]
    fn identifiers_never_pass_to_another_name() {
        let names = [
            "foo_bar",
            "fooBar",
            "foo-bar",
            "FooBar",
            "foo minus bar",
            "foo_minus_bar",
            "foo-bar_",
            "mixed foo bar",
            "lower foo_bar",
            "",
            "empty",
            "_1",
            "+1",
            "plus 1",
            "1",
            "Etc/GMT-1",
            "Etc/GMT+1",
            "Etc/GMT+2",
            "EtcGmt1",
            "unknown",
            "Unknown",
            "_id",
            "id",
            "$id",
            "ID",
        ];
        for fold in [snake, upper_camel] {
            for (first, _) in names.iter().enumerate() {
                for (second, _) in names.iter().enumerate().skip(first) {
                    let before: Vec<&str> = names
                        .iter()
                        .enumerate()
                        .filter(|(at, _)| at % 3 != 1 && *at != first && *at != second)
                        .map(|(_, name)| *name)
                        .collect();
                    let mut after = before.clone();
                    after.insert(before.len() / 2, names[first]);
                    if second != first {
                        after.push(names[second]);
                    }
                    let (old, new) = (idents(&before, fold), idents(&after, fold));
                    let meaning: HashMap<&String, &str> = new.iter().zip(after.iter().copied()).collect();
                    assert_eq!(meaning.len(), after.len(), "{new:?}");
                    for (ident, name) in old.iter().zip(&before) {
                        assert!(meaning.get(ident).is_none_or(|other| other == name), "{ident}: {name:?}, then {:?}", meaning[ident]);
                    }
                }
            }
        }
    }

    #[test]
    fn definitions_called_by_a_url_have_short_names() {
        let names = url_names("http://example.com/bindings/kafka/0.5.0/channel.json");
        assert_eq!(names, ["Channel", "KafkaChannel", "Kafka050Channel"]);
        assert_eq!(url_names("https://example.com/draft-07/schema#")[..2], ["Schema", "Draft07Schema"]);
        assert!(url_names("channel").is_empty());
    }
}
