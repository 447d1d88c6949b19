//! Spellings of names, and guesses at what was meant.

use std::fmt;

use eventc_model::names::{self, nearest};

/// A spelling of names that can be checked and made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameCase(pub eventc_model::config::Case);

impl NameCase {
    /// Returns whether a name is spelled so.
    pub fn fits(self, name: &str) -> bool {
        use eventc_model::config::Case::{Any, Camel, Kebab, Pascal, Snake};
        match self.0 {
            Any => true,
            Snake => separated(name, '_'),
            Kebab => separated(name, '-'),
            Camel => name.starts_with(|c: char| c.is_ascii_lowercase()) && joined(name),
            Pascal => name.starts_with(|c: char| c.is_ascii_uppercase()) && joined(name),
        }
    }

    /// Returns the name, spelled so.
    pub fn spell(self, name: &str) -> String {
        use eventc_model::config::Case::{Any, Camel, Kebab, Pascal, Snake};
        match self.0 {
            Any => name.to_owned(),
            Snake => names::snake(name),
            Kebab => names::snake(name).replace('_', "-"),
            Pascal => names::upper_camel(name),
            Camel => {
                let name = names::upper_camel(name);
                let mut chars = name.chars();
                chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
            }
        }
    }
}

impl fmt::Display for NameCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use eventc_model::config::Case::{Any, Camel, Kebab, Pascal, Snake};
        f.write_str(match self.0 {
            Any => "any spelling",
            Snake => "snake_case",
            Camel => "camelCase",
            Pascal => "PascalCase",
            Kebab => "kebab-case",
        })
    }
}

fn separated(name: &str, separator: char) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split(separator).all(word)
}

fn joined(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Returns a hint at the known word that was probably meant, or something else to do.
pub(super) fn did_you_mean<'a>(wrong: &str, known: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(wrong, known).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean {near:?}?"))
}
