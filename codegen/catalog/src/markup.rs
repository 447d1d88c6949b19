//! The two languages that pages are written in. What the pages say is decided once, for both.

use serde_json::Value;

use super::{html::elements, markdown};

/// The language of a page. Whatever it makes is finished: escaped, and never escaped again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    /// GitHub Flavored Markdown.
    Markdown,
    /// HTML.
    Html,
}

impl Markup {
    /// Returns the ending of its files.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }

    /// Returns text within a line.
    pub(super) fn text(self, raw: &str) -> String {
        match self {
            Self::Markdown => markdown::text(raw),
            Self::Html => elements::text(raw),
        }
    }

    /// Returns a verbatim value within a line.
    pub(super) fn code(self, raw: &str) -> String {
        match self {
            Self::Markdown => markdown::code(raw),
            Self::Html => elements::code(raw),
        }
    }

    /// Returns a link; the target is made of safe characters already.
    pub(super) fn link(self, label: &str, target: &str) -> String {
        match self {
            Self::Markdown => markdown::link(label, target),
            Self::Html => elements::link(label, target),
        }
    }

    /// Returns the address of something on the web, for a link.
    pub(super) fn address(self, address: &str) -> String {
        match self {
            // An address has no blanks, brackets of this kind are spelled.
            Self::Markdown => address.replace('(', "%28").replace(')', "%29"),
            Self::Html => elements::text(address),
        }
    }

    /// Returns a value as a block of JSON.
    pub(super) fn json(self, value: &Value) -> String {
        match self {
            Self::Markdown => markdown::json(value),
            Self::Html => elements::json(value),
        }
    }

    /// Returns the source of a Mermaid diagram as a block.
    pub(super) fn mermaid(self, source: &str) -> String {
        match self {
            Self::Markdown => markdown::fence("mermaid", source),
            Self::Html => elements::block(source.trim_end()),
        }
    }
}
