//! What `cargo install` takes eventc from, where it is published.

use anyhow::{Context as _, Result};

/// The public names of eventc, as far as there are any.
#[derive(Debug, serde::Deserialize)]
struct Public {
    repository: String,
    #[serde(rename = "crate")]
    package: String,
}

impl Public {
    /// Returns the arguments of `cargo install` that fetch eventc, if anything does.
    fn source(&self) -> Option<String> {
        match (self.package.as_str(), self.repository.as_str()) {
            ("", "") => None,
            ("", repository) => Some(format!("--git {repository} {}", env!("CARGO_PKG_NAME"))),
            (package, _) => Some(package.to_owned()),
        }
    }
}

/// Returns the arguments of `cargo install` that fetch eventc; nothing while no name is known to be its own, and a clone has to do.
///
/// # Errors
/// Where the file with the names is wrong, which a test excludes.
pub(super) fn source() -> Result<Option<String>> {
    let public: Public = toml::from_str(include_str!("public.toml")).context("packaging/public.toml is wrong")?;
    Ok(public.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(repository: &str, package: &str) -> Option<String> {
        Public { repository: repository.to_owned(), package: package.to_owned() }.source()
    }

    #[test]
    fn only_what_is_published_is_fetched() {
        assert_eq!(source("", ""), None);
        assert_eq!(source("https://code.example/eventc", "").as_deref(), Some("--git https://code.example/eventc eventc-cli"));
        assert_eq!(source("https://code.example/eventc", "eventc-cli").as_deref(), Some("eventc-cli"));
    }

    #[test]
    fn the_file_can_be_read() {
        super::source().expect("packaging/public.toml has all names");
    }
}
