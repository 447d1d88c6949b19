//! The type of `email_address`.

use email_address::EmailAddress;

use super::{Format, Formatted};

/// The text of an e-mail address (`email`).
pub type Email = Formatted<EmailAddress>;

impl Format for EmailAddress {
    const EXPECTED: &'static str = "an e-mail address";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}
