//! Properties that no field holds.

mod unread;

use std::{
    collections::{BTreeMap, btree_map},
    fmt,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

pub(crate) use self::unread::Unread;

/// Properties that this version of a contract does not know.
///
/// A reader passes over them quickly: each is kept as the text that was sent, which is written again as it was, with every digit. A value
/// is made of it when somebody asks.
///
/// ```
/// use eventc::Extra;
/// use serde_json::json;
///
/// let mut extra: Extra = serde_json::from_str(r#"{"size": [2, 3], "weight": 1.20}"#).unwrap();
/// assert_eq!(extra.get("size"), Some(json!([2, 3])));
/// assert_eq!(extra.text("weight"), Some("1.20"));
///
/// extra.insert("labels", json!(["new"]));
/// let written = serde_json::to_string(&extra).unwrap();
/// assert_eq!(written, r#"{"labels":["new"],"size":[2, 3],"weight":1.20}"#);
/// ```
///
/// Two are equal where the values are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Extra(BTreeMap<String, Unread>);

impl Extra {
    /// Creates an empty set of properties.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Returns how many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether one has this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns the value of a property, made of its text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).map(Unread::value)
    }

    /// Returns the JSON text of a property.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Unread::text)
    }

    /// Sets a property.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), Unread::new(&value.into()));
    }

    /// Takes a property away, and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).map(|unread| unread.value())
    }

    /// Returns the names with the JSON texts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, unread)| (name.as_str(), unread.text()))
    }

    /// Takes what was read of a property.
    pub(crate) fn keep(&mut self, name: String, unread: Unread) {
        self.0.insert(name, unread);
    }

    /// Returns the names with what was read of them, by name.
    pub(crate) fn unread(&self) -> btree_map::Iter<'_, String, Unread> {
        self.0.iter()
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.0).finish()
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Extra {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(properties: I) -> Self {
        Self(properties.into_iter().map(|(name, value)| (name.into(), Unread::new(&value.into()))).collect())
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(map: Map<String, Value>) -> Self {
        map.into_iter().collect()
    }
}

impl From<&Extra> for Map<String, Value> {
    fn from(extra: &Extra) -> Self {
        extra.0.iter().map(|(name, unread)| (name.clone(), unread.value())).collect()
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, unread) in &self.0 {
            map.serialize_entry(name, unread)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self)
    }
}
