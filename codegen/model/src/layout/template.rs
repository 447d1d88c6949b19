//! Layouts that a configuration states.

use std::fmt;

use super::{Number, Placed};
use crate::{decode::HELP, written::written};

/// A parsed `layout`, such as `{path}/{version}.{ext}`.
///
/// ```
/// use eventc_model::layout::Template;
///
/// let template = Template::parse("{path}/versions/{version}/schema.{ext}").unwrap();
/// let placed = template.read("order/created/versions/1.2.0/schema.json").unwrap();
/// assert_eq!(placed.parts, ["order", "created"]);
/// assert_eq!(placed.number.unwrap().text, "1.2.0");
/// assert!(template.read("order/created.json").is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Text(String),
    /// One or more parts of the name.
    Path,
    Version,
    /// The ending: letters and digits.
    Ending,
    /// A folder or a word that means nothing.
    Any,
}

impl Template {
    /// Parses a layout.
    ///
    /// # Errors
    /// With a sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut tokens, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let literal = rest.find('{').unwrap_or(rest.len());
            if literal > 0 {
                tokens.push(Token::Text(rest[..literal].to_owned()));
                rest = &rest[literal..];
                continue;
            }
            let end = rest.find('}').ok_or_else(|| format!("the layout {text:?} has a brace that nothing closes"))?;
            tokens.push(match &rest[1..end] {
                "path" => Token::Path,
                "version" => Token::Version,
                "ext" => Token::Ending,
                "any" => Token::Any,
                other => return Err(format!("the layout {text:?} has the placeholder {{{other}}}: there are path, version, ext and any")),
            });
            rest = &rest[end + 1..];
        }
        let count = |wanted: &Token| tokens.iter().filter(|token| *token == wanted).count();
        if count(&Token::Path) != 1 || count(&Token::Version) > 1 || count(&Token::Ending) > 1 || count(&Token::Any) > 2 {
            return Err(format!(
                "the layout {text:?} needs {{path}} once, {{version}} and {{ext}} at most once, and {{any}} at most twice"
            ));
        }
        Ok(Self { text: text.to_owned(), tokens })
    }

    /// Reads a path; nothing where it is not laid out so.
    pub fn read<'a>(&self, path: &'a str) -> Option<Placed<'a>> {
        let mut found = PathParts::default();
        fits(&self.tokens, path, &mut found).then(|| Placed {
            parts: found.path.split('/').filter(|part| !part.is_empty()).collect(),
            number: found.number,
            is_newest: found.is_newest,
        })
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

written!(Template, |text| {
    Template::parse(text).map_err(|wrong| format!("{wrong}{HELP}write what a path looks like, such as {{path}}/{{version}}.{{ext}}"))
});

/// The values of the placeholders in a path.
#[derive(Default)]
struct PathParts<'a> {
    path: &'a str,
    number: Option<Number>,
    is_newest: bool,
}

/// Returns whether a text has the form of tokens: of names the shortest that leaves a fitting rest, of all else the longest.
fn fits<'a>(tokens: &[Token], text: &'a str, found: &mut PathParts<'a>) -> bool {
    let Some((first, rest)) = tokens.split_first() else { return text.is_empty() };
    if let Token::Text(literal) = first {
        return text.strip_prefix(literal.as_str()).is_some_and(|text| fits(rest, text, found));
    }
    let ends = text.char_indices().map(|(at, sign)| at + sign.len_utf8());
    let mut ends: Vec<usize> = ends.take_while(|end| *first == Token::Path || !text[..*end].ends_with('/')).collect();
    if *first != Token::Path {
        ends.reverse();
    }
    ends.into_iter().any(|end| {
        let (own, text) = text.split_at(end);
        let number = Number::parse(own);
        let is_newest = super::NEWEST.contains(&own);
        let is_one = match first {
            Token::Version => number.is_some() || is_newest,
            Token::Ending => own.chars().all(|c| c.is_ascii_alphanumeric()),
            _ => true,
        };
        if !is_one || !fits(rest, text, found) {
            return false;
        }
        match first {
            Token::Path => found.path = own,
            Token::Version => (found.number, found.is_newest) = (number, is_newest),
            _ => {}
        }
        true
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_take_paths_apart() {
        for (layout, path, parts, version) in [
            ("{path}/{version}.{ext}", "a/b/1.2.0.json", &["a", "b"][..], "1.2.0"),
            ("{path}/{version}", "a/b/1-0-0", &["a", "b"], "1-0-0"),
            ("{version}/{path}.{ext}", "v3/a/b.yaml", &["a", "b"], "v3"),
            ("{path}.{version}.{ext}", "a/b.1.2.0.json", &["a", "b"], "1.2.0"),
            ("{path}-{version}.schema.{ext}", "a/b-c-2.schema.json", &["a", "b-c"], "2"),
            ("{any}/{path}.{ext}", "team/a/b.json", &["a", "b"], ""),
        ] {
            let placed = Template::parse(layout).expect(layout).read(path).expect(path);
            assert_eq!((placed.parts, placed.number.map(|number| number.text).unwrap_or_default().as_str()), (parts.to_vec(), version));
        }
        assert!(Template::parse("{path}/{version}.{ext}").expect("a layout").read("a/latest.json").expect("a path").is_newest);
    }

    #[test]
    fn what_is_no_layout_is_said() {
        for (layout, part) in [("{path", "closes"), ("{name}.json", "{name}"), ("x.json", "once"), ("{path}{path}", "once")] {
            assert!(Template::parse(layout).expect_err(layout).contains(part), "{layout}");
        }
    }
}
