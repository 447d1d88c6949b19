//! Helpers for the serde attributes of generated types.

mod number;

use serde::{Deserialize, Deserializer};

#[cfg(feature = "json")]
pub(crate) use self::number::arbitrary_precision;
pub use self::number::{FromNumber, integer, number};

/// Deserializes a property that must be present and may be null: `#[serde(deserialize_with =
/// "eventc::serde_support::required")]`. Without it, serde reads an absent `Option` as `None`.
///
/// ```
/// # #[cfg(feature = "json")] {
/// #[derive(serde::Deserialize)]
/// struct Lease {
///     #[serde(deserialize_with = "eventc::serde_support::required")]
///     until: Option<String>,
/// }
///
/// assert!(serde_json::from_str::<Lease>(r#"{"until":null}"#).unwrap().until.is_none());
/// assert!(serde_json::from_str::<Lease>("{}").is_err());
/// # }
/// ```
pub fn required<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// Support for a property that may be absent and may be null, and where the two differ: `Option<Option<T>>` with
/// `#[serde(default, skip_serializing_if = "Option::is_none", with = "eventc::serde_support::double_option")]`.
///
/// ```
/// # #[cfg(feature = "json")] {
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Change {
///     #[serde(default, skip_serializing_if = "Option::is_none", with = "eventc::serde_support::double_option")]
///     owner: Option<Option<String>>,
/// }
///
/// for (json, owner) in [("{}", None), (r#"{"owner":null}"#, Some(None)), (r#"{"owner":"me"}"#, Some(Some("me".to_owned())))] {
///     let change: Change = serde_json::from_str(json).unwrap();
///     assert_eq!(change.owner, owner);
///     assert_eq!(serde_json::to_string(&change).unwrap(), json);
/// }
/// # }
/// ```
pub mod double_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Reads a value that is present.
    pub fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }

    /// Writes a value that is present; an absent one is skipped before.
    pub fn serialize<S: Serializer, T: Serialize>(value: &Option<Option<T>>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(Some(value)) => serializer.serialize_some(value),
            Some(None) | None => serializer.serialize_none(),
        }
    }
}

/// [`double_option`] around a number of the kind that [`integer`] reads.
pub mod double_integer {
    use serde::{Deserializer, Serialize, Serializer};

    use super::FromNumber;

    /// Reads a value that is present.
    pub fn deserialize<'de, D: Deserializer<'de>, T: FromNumber>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::from_number(deserializer).map(Some)
    }

    /// Writes a value that is present; an absent one is skipped before.
    pub fn serialize<S: Serializer, T: Serialize>(value: &Option<Option<T>>, serializer: S) -> Result<S::Ok, S::Error> {
        super::double_option::serialize(value, serializer)
    }
}
