//! Conventions: from a path below a namespace's root to a topic, and back to what is wrong with it.

use std::fmt;

use wildmatch::WildMatch;

use crate::{decode::HELP, written::written};

/// A parsed topic pattern of `[[namespace]].topics`.
///
/// ```
/// use eventc_model::topic::TopicPattern;
///
/// let pattern = TopicPattern::parse("{namespace}.{domain}.{pattern:request|response}.{operation}.v{major}").unwrap();
/// assert!(pattern.fits(&["codegen", "request", "validate"]));
/// assert!(!pattern.fits(&["codegen", "validate"]));
/// assert_eq!(pattern.topic("omninode", &["codegen", "request", "validate"], 2), "omninode.codegen.request.validate.v2");
/// ```
#[derive(Debug, Clone)]
pub struct TopicPattern {
    text: String,
    segments: Vec<Segment>,
    /// The topic begins with the namespace's name.
    namespaced: bool,
    /// The topic ends in `v` and the major.
    versioned: bool,
}

#[derive(Debug, Clone)]
struct Segment {
    name: String,
    /// Takes one or more parts of the path instead of one.
    many: bool,
    /// The words that it may be; empty for anything.
    words: Vec<WildMatch>,
}

impl TopicPattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// With a sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pattern = Self { text: text.to_owned(), segments: Vec::new(), namespaced: false, versioned: false };
        let parts = split_outside_braces(text);
        for (index, part) in parts.iter().enumerate() {
            match part.as_str() {
                "{namespace}" if index == 0 => pattern.namespaced = true,
                "v{major}" if index + 1 == parts.len() => pattern.versioned = true,
                part => pattern.segments.push(Segment::parse(part)?),
            }
        }
        if pattern.segments.is_empty() {
            return Err(format!("the topic pattern {text:?} has no segment that a path could name"));
        }
        if pattern.segments.iter().filter(|segment| segment.many).count() > 1 {
            return Err(format!("the topic pattern {text:?} has two segments with `+`; only one can take a varying number of parts"));
        }
        Ok(pattern)
    }

    /// Returns the pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether a path's parts have the shape that the pattern asks for.
    pub fn fits(&self, parts: &[&str]) -> bool {
        self.mismatch(parts).is_none()
    }

    /// Returns why a path's parts do not fit; `None` where they do.
    pub fn mismatch(&self, parts: &[&str]) -> Option<String> {
        let many = self.segments.iter().position(|segment| segment.many);
        let fewest = self.segments.len();
        if parts.len() < fewest || (many.is_none() && parts.len() > fewest) {
            let names: Vec<_> = self.segments.iter().map(|segment| segment.name.as_str()).collect();
            let at_least = if many.is_some() { "at least " } else { "" };
            return Some(format!(
                "it has {} segments where the convention asks for {at_least}{fewest} ({})",
                parts.len(),
                names.join(", ")
            ));
        }
        let extra = parts.len() - fewest;
        let mut at = 0;
        for (index, segment) in self.segments.iter().enumerate() {
            let take = if Some(index) == many { extra + 1 } else { 1 };
            if let Some(part) = parts[at..at + take].iter().find(|part| !segment.allows(part)) {
                let words: Vec<_> = segment.words.iter().map(ToString::to_string).collect();
                return Some(format!("its {} {part:?} is none of {}", segment.name, words.join(", ")));
            }
            at += take;
        }
        None
    }

    /// Returns the topic that the convention gives to a path.
    pub fn topic(&self, namespace: &str, parts: &[&str], major: u32) -> String {
        let head = (self.namespaced && !namespace.is_empty()).then_some(namespace);
        let body = head.into_iter().chain(parts.iter().copied()).collect::<Vec<_>>().join(".");
        if self.versioned || major != 1 { format!("{body}.v{major}") } else { body }
    }
}

/// Compares what was written, of which all else is made.
impl PartialEq for TopicPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for TopicPattern {}

impl fmt::Display for TopicPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

written!(TopicPattern, |text| {
    TopicPattern::parse(text)
        .map_err(|message| format!("{message}{HELP}for example {{namespace}}.{{domain}}.{{entity+}}.{{action}}.v{{major}}"))
});

impl Segment {
    fn parse(part: &str) -> Result<Self, String> {
        let Some(inner) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            return Ok(Self { name: "segment".into(), many: false, words: vec![WildMatch::new(part)] });
        };
        let (head, words) = inner.split_once(':').unwrap_or((inner, ""));
        let (name, many) = head.strip_suffix('+').map_or((head, false), |name| (name, true));
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(format!("{part:?} is not a placeholder: write {{name}}, {{name+}} or {{name:word|word}}"));
        }
        let words = words.split('|').filter(|word| !word.is_empty()).map(WildMatch::new).collect();
        Ok(Self { name: name.to_owned(), many, words })
    }

    fn allows(&self, part: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| word.matches(part))
    }
}

fn split_outside_braces(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

/// Returns whether a glob (`*` for any run of characters) covers a topic.
pub fn glob(pattern: &str, topic: &str) -> bool {
    // Most topics differ before the first wildcard, and a large tree asks about each pair of consumer and event.
    let literal = pattern.split(['*', '?']).next().unwrap_or_default();
    topic.starts_with(literal) && WildMatch::new(pattern).matches(topic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_spans_several_segments() {
        let pattern = TopicPattern::parse("{domain}.{entity+}.{action:*ed|*en}").expect("a pattern");
        assert!(pattern.fits(&["operations", "sales", "order", "created"]));
        assert!(pattern.fits(&["operations", "production", "completed"]));
        assert_eq!(pattern.mismatch(&["aegis", "security", "event"]).as_deref(), Some("its action \"event\" is none of *ed, *en"));
        assert!(pattern.mismatch(&["agent", "insight"]).is_some_and(|why| why.contains("at least 3")));
        assert_eq!(pattern.topic("cauldron", &["a", "b", "created"], 1), "a.b.created");
        assert_eq!(pattern.topic("cauldron", &["a", "b", "created"], 2), "a.b.created.v2");
    }

    #[test]
    fn bad_patterns_are_refused() {
        for text in ["{}", "{namespace}", "{a+}.{b+}", "{a b}"] {
            assert!(TopicPattern::parse(text).is_err(), "{text}");
        }
    }
}
