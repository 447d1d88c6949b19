//! The type of `uuid`.

use super::{Format, Formatted};

/// The text of a UUID (`uuid`).
pub type Uuid = Formatted<uuid::Uuid>;

impl Format for uuid::Uuid {
    const EXPECTED: &'static str = "a UUID";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}
