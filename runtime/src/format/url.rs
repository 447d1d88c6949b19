//! The type of `url`.

use url::Url;

use super::{Format, Formatted};

/// The text of an absolute URI (`uri`).
pub type Uri = Formatted<Url>;

impl Format for Url {
    const EXPECTED: &'static str = "an absolute URI";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}
