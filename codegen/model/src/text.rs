//! Text of schemas on its way into outputs: the characters that none of them writes as they are.

use std::{borrow::Cow, fmt::Write as _, path::Path};

use serde::Serialize;

/// Characters that a reader does not see, or that change how others are seen, as ranges with both ends: every output spells them out
/// or leaves them away. Two choose between a letter and a picture (U+FE0E and U+FE0F) and stay, since pictures are written with them.
pub const HIDDEN: &[(char, char)] = &[
    // Controls, among them line ends and NUL.
    ('\0', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    // Soft hyphen and grapheme joiner.
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    // Arabic letter mark.
    ('\u{61c}', '\u{61c}'),
    // Fillers and inherent vowels, which are letters without a shape.
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{ffa0}', '\u{ffa0}'),
    // Mongolian separators and selectors.
    ('\u{180b}', '\u{180f}'),
    // Zero width, and marks of direction.
    ('\u{200b}', '\u{200f}'),
    // Line and paragraph separators, embeddings and overrides of direction.
    ('\u{2028}', '\u{202e}'),
    // Invisible operators, isolates of direction, deprecated formats.
    ('\u{2060}', '\u{206f}'),
    // Variation selectors but the two for pictures.
    ('\u{fe00}', '\u{fe0d}'),
    // Byte order mark, interlinear marks, noncharacters.
    ('\u{feff}', '\u{feff}'),
    ('\u{fdd0}', '\u{fdef}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    // Marks of shorthand and music.
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    // Tags, further selectors, and what stands beside them.
    ('\u{e0000}', '\u{e0fff}'),
];

/// Returns whether a character is in [`HIDDEN`].
///
/// ```
/// use eventc_model::text::is_hidden;
/// assert!(is_hidden('\u{202e}') && is_hidden('\n'));
/// assert!(!is_hidden('a') && !is_hidden('é') && !is_hidden('😀'));
/// ```
pub fn is_hidden(c: char) -> bool {
    !matches!(c, ' '..='~') && HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// Spells hidden characters out, for names and messages on a terminal: a file may be called what would move the cursor, turn text
/// around, or be a line of its own.
///
/// ```
/// use eventc_model::text::visible;
/// assert_eq!(visible("a\n\u{1b}[31m\u{202e}.json"), r"a\n\u{1b}[31m\u{202e}.json");
/// assert_eq!(visible("über/größe.json"), "über/größe.json");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Returns a path as people write it below where they stand: with `/` between its parts, and without `./` before them.
pub fn path_text(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// Returns a path as it is told: whatever it is called, it stays one line.
pub fn display_path(path: &Path) -> String {
    visible(&path_text(path)).into_owned()
}

/// Writes hidden characters of a JSON text as escapes. They only occur within its strings, where an escape means the same; line ends
/// and tabs between values stay.
///
/// ```
/// use eventc_model::text::json;
/// assert_eq!(json("\"a\u{2028}\u{e0001}\"\n"), "\"a\\u2028\\udb40\\udc01\"\n");
/// ```
pub fn json(text: &str) -> Cow<'_, str> {
    let is_escaped = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t');
    if !text.contains(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_escaped(c) { push_units(&mut out, c) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Returns a value as the text of a JSON file, without the characters that no output writes.
///
/// # Panics
/// Where the value has no form in JSON: keys that are no strings, say.
pub fn json_file(value: &impl Serialize) -> String {
    let raw = serde_json::to_string_pretty(value).expect("what is written has string keys and no values that JSON lacks");
    let mut text = json(&raw).into_owned();
    text.push('\n');
    text.shrink_to_fit();
    text
}

/// Writes a character as the escapes of its UTF-16 code units, which JSON and JavaScript share.
pub fn push_units(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// Breaks a line of prose at its spaces, where it is longer than so many characters; a word that is longer stays whole.
///
/// ```
/// use eventc_model::text::wrap;
/// assert_eq!(wrap("one two three", 8), ["one two", "three"]);
/// assert_eq!(wrap("", 8), [""]);
/// ```
pub fn wrap(line: &str, width: usize) -> Vec<String> {
    if line.len() <= width || line.chars().count() <= width {
        return vec![line.to_owned()];
    }
    let (mut lines, mut current, mut length) = (Vec::new(), String::new(), 0);
    for word in line.split(' ') {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > width {
            lines.push(std::mem::take(&mut current));
            length = 0;
        }
        if length > 0 {
            current.push(' ');
            length += 1;
        }
        current.push_str(word);
        length += letters;
    }
    lines.push(current);
    lines
}
