//! Versions of contracts (semver 2.0).

pub use semver::Version;
use serde::{Serializer, de::Error};

use crate::decode::HELP;

/// Reads `MAJOR.MINOR.PATCH` for serde.
#[cfg(feature = "history")]
pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
    read(&<String as serde::Deserialize>::deserialize(deserializer)?)
}

fn read<E: Error>(text: &str) -> Result<Version, E> {
    let wrong = |error| E::custom(format!("the version {text:?} is not semver: {error}{HELP}write MAJOR.MINOR.PATCH, such as 1.0.0"));
    Version::parse(text).map_err(wrong)
}

/// Writes a version for serde as it was read.
pub(crate) fn serialize<S: Serializer>(version: &Version, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(version)
}

/// The same where a version may be absent.
pub(crate) mod optional {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Version;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Version>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(|text| super::read(&text)).transpose()
    }

    #[allow(clippy::ref_option, reason = "serde hands over the field")]
    pub(crate) fn serialize<S: Serializer>(version: &Option<Version>, serializer: S) -> Result<S::Ok, S::Error> {
        match version {
            Some(version) => super::serialize(version, serializer),
            None => serializer.serialize_none(),
        }
    }
}
