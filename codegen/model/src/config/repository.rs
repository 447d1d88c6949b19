//! Where the code host shows the files of the repository, for links to them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{decode::HELP, text::is_hidden, written::written};

/// The addresses of the repository's files on the code host, for links in what people read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Repository {
    /// The address at which a file is shown, such as `https://code.example/company/events/blob/main/`: the file's path from the folder of
    /// eventc.toml stands for `{path}`, or else follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<FileAddress>,
    /// The address at which a file is edited, such as `https://code.example/company/events/edit/main/`; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<FileAddress>,
}

impl Repository {
    /// Returns whether it states nothing.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// The addresses of files on the code host: `{path}` stands for the path of one, which otherwise follows.
///
/// ```
/// use eventc_model::config::FileAddress;
///
/// let address = FileAddress::parse("https://code.example/company/events/blob/main").expect("an address");
/// assert_eq!(address.of("schemas/a b.json"), "https://code.example/company/events/blob/main/schemas/a%20b.json");
/// let address = FileAddress::parse("https://code.example/edit?file={path}&branch=main").expect("an address");
/// assert_eq!(address.of("a.json"), "https://code.example/edit?file=a.json&branch=main");
/// assert_eq!(FileAddress::parse("javascript:alert(1)"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAddress(String);

impl FileAddress {
    /// The place of the path.
    const PATH: &str = "{path}";

    /// Reads an address of the web; `None` where it is none, or has a user or password in it.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_odd = |c: char| c.is_whitespace() || is_hidden(c) || "\"'<>\\`^|".contains(c);
        let is_plain = !host.is_empty() && !host.contains(['@', '{', '}']) && !text.contains(is_odd);
        let has_braces = text.replace(Self::PATH, "").contains(['{', '}']);
        (is_plain && !has_braces).then(|| Self(text.to_owned()))
    }

    /// Returns the address of a file, by its path with `/` between its parts.
    pub fn of(&self, path: &str) -> String {
        let path = encoded(path);
        match self.0.split_once(Self::PATH) {
            Some(_) => self.0.replace(Self::PATH, &path),
            None => format!("{}/{path}", self.0.trim_end_matches('/')),
        }
    }
}

/// Returns a path as a part of an address: whatever means something there is spelled by its bytes (RFC 3986, "Percent-Encoding").
fn encoded(path: &str) -> String {
    let spelled = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(spelled).collect()
}

impl fmt::Display for FileAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written!(FileAddress, |text| {
    FileAddress::parse(text).ok_or_else(|| {
        format!(
            "{text:?} is no address of files{HELP}write one that begins with https:// and names no user, such as \
             \"https://code.example/company/events/blob/main/\""
        )
    })
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn addresses_are_those_of_the_web() {
        for wrong in [
            "",
            "code.example/a",
            "ftp://code.example/a",
            "javascript:alert(1)",
            "https://",
            "https:///a",
            "https://user:hush@code.example/a",
            "https://code.example/a b",
            "https://code.example/\"onclick=\"x",
            "https://code.example/<b>",
            "https://code.example/{file}",
            "https://{path}/a",
            "https://code.example/\u{202e}",
        ] {
            assert_eq!(FileAddress::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn paths_cannot_leave_their_place() {
        let address = FileAddress::parse("https://code.example/x/").expect("an address");
        assert_eq!(address.of("a?b#c/é \"&<.json"), "https://code.example/x/a%3Fb%23c/%C3%A9%20%22%26%3C.json");
    }

    #[test]
    fn bad_addresses_are_told_at_their_place() {
        let (_, problems) = Config::parse("eventc.toml", "[repository]\nview = \"code.example\"\nblame = \"https://x\"\n");
        let told: Vec<String> = problems.iter().map(|problem| format!("{}:{}", problem.place.line, problem.message)).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("2:") && told[0].contains("is no address of files"), "{told:?}");
        assert!(told[1].starts_with("3:") && told[1].contains("blame"), "{told:?}");
    }
}
