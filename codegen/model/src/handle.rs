//! Names of people and teams on the code host.

use std::{fmt, ops::Deref};

use crate::{decode::HELP, text::is_hidden, written::written};

/// A name on the code host, such as `@company/orders-team`, or an address: one word, so that a file of code owners can name it.
///
/// ```
/// use eventc_model::handle::Handle;
///
/// assert_eq!(&*Handle::parse("@company/orders-team").expect("a handle"), "@company/orders-team");
/// assert_eq!(Handle::parse("two words"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(String);

impl Handle {
    /// Reads one word without characters that nobody sees.
    pub fn parse(text: &str) -> Option<Self> {
        let is_word = !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || is_hidden(c));
        is_word.then(|| Self(text.to_owned()))
    }
}

impl Deref for Handle {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

written!(Handle, |text| {
    Handle::parse(text)
        .ok_or_else(|| format!("{text:?} is no handle{HELP}a handle is one word, such as @company/orders-team or an address"))
});
