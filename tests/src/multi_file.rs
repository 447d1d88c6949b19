//! Several files in one text, so that a whole project is one case: each begins with a line `=== PATH`.

const MARK: &str = "=== ";

/// The name of a text without marks.
const ALONE: &str = "schema.json";

/// Returns the files of a text, as pairs of path and text.
///
/// ```
/// use eventc_tests::multi_file::split;
/// assert_eq!(split("=== a.json\n{}\n=== b.yaml\ntype: string\n"), [("a.json", "{}\n"), ("b.yaml", "type: string\n")]);
/// assert_eq!(split("{}"), [("schema.json", "{}")]);
/// ```
pub fn split(text: &str) -> Vec<(&str, &str)> {
    let mut files = Vec::new();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix(MARK) {
        let (path, body) = after.split_once('\n').unwrap_or((after, ""));
        let end = body.find(&format!("\n{MARK}")).map_or(body.len(), |at| at + 1);
        let end = if body.starts_with(MARK) { 0 } else { end };
        files.push((path, &body[..end]));
        rest = &body[end..];
    }
    if files.is_empty() { vec![(ALONE, text)] } else { files }
}

/// Returns the text of several files.
///
/// ```
/// use eventc_tests::multi_file::{join, split};
/// let text = join(&[("a.json", "{}"), ("b.json", "true\n")]);
/// assert_eq!(split(&text), [("a.json", "{}\n"), ("b.json", "true\n")]);
/// ```
pub fn join<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)]) -> String {
    files.iter().fold(String::new(), |mut text, (path, body)| {
        let body = body.as_ref();
        text.push_str(&format!("{MARK}{}\n{body}", path.as_ref().replace('\n', " ")));
        if !body.ends_with('\n') {
            text.push('\n');
        }
        text
    })
}
