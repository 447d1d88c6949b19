//! A value that is kept as its text.

use std::{any::type_name, borrow::Cow, fmt, iter};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        self, DeserializeSeed, MapAccess, SeqAccess, Visitor,
        value::{MapDeserializer, SeqAccessDeserializer},
    },
};
use serde_json::{Map, Value, value::RawValue};

use crate::raw::{RAW, Skip};

/// The text of a value that `serde_json` can read.
#[derive(Clone)]
pub(crate) struct Unread(Box<RawValue>);

impl Unread {
    pub(super) fn new(value: &Value) -> Self {
        Self::known(&value.to_string())
    }

    /// Makes a raw value of what is known to be JSON, without being read again, unless `serde_json` has come to do it otherwise.
    fn known(text: &str) -> Self {
        let entries = MapDeserializer::<_, serde_json::Error>::new(iter::once((RAW, text)));
        let raw = Box::deserialize(entries).or_else(|_| RawValue::from_string(text.to_owned()));
        Self(raw.unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }

    /// Returns a text that `serde_json` skipped: what it reads is asked here, since it skips more than it reads.
    fn skipped(text: &str) -> serde_json::Result<Self> {
        if !is_plain(text) {
            Skip.deserialize(&mut serde_json::Deserializer::from_str(text))?;
        }
        // An event in a line stays in its line.
        Ok(if text.contains(['\n', '\r']) { Self::known(&on_one_line(text)) } else { Self::known(text) })
    }

    pub(super) fn text(&self) -> &str {
        self.0.get()
    }

    pub(super) fn value(&self) -> Value {
        serde_json::from_str(self.text()).unwrap_or_default()
    }
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl PartialEq for Unread {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() || self.value() == other.value()
    }
}

impl Eq for Unread {}

impl Serialize for Unread {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Others than `serde_json` would write the name by which that knows a text.
        if type_name::<S::Error>() == type_name::<serde_json::Error>() {
            self.0.serialize(serializer)
        } else {
            self.value().serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW, UnreadVisitor)
    }
}

struct UnreadVisitor;

impl<'de> Visitor<'de> for UnreadVisitor {
    type Value = Unread;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Unread, A::Error> {
        match members.next_key_seed(NameVisitor)? {
            Some(None) => Unread::skipped(&members.next_value_seed(TextVisitor)?).map_err(de::Error::custom),
            Some(Some(first)) => {
                let mut map = Map::from_iter([(first, members.next_value()?)]);
                while let Some((name, value)) = members.next_entry()? {
                    map.insert(name, value);
                }
                Ok(Unread::new(&Value::Object(map)))
            }
            None => Ok(Unread::new(&Value::Object(Map::new()))),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Unread, D::Error> {
        Value::deserialize(deserializer).map(|value| Unread::new(&value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Unread, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(items)).map(|value| Unread::new(&value))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Unread, E> {
        Ok(Unread::new(&value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Unread, E> {
        Ok(Unread::new(&value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Unread, E> {
        Ok(Unread::new(&value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Unread, E> {
        Ok(Unread::new(&value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Unread, E> {
        Ok(Unread::new(&value.into()))
    }

    fn visit_unit<E>(self) -> Result<Unread, E> {
        Ok(Unread::new(&Value::Null))
    }

    fn visit_none<E: de::Error>(self) -> Result<Unread, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Unread, D::Error> {
        self.visit_newtype_struct(deserializer)
    }
}

/// A name, unless it is [`RAW`].
struct NameVisitor;

impl<'de> DeserializeSeed<'de> for NameVisitor {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameVisitor {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<String>, E> {
        Ok((name != RAW).then(|| name.to_owned()))
    }
}

/// A text, borrowed from the document where it can be.
struct TextVisitor;

impl<'de> DeserializeSeed<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text))
    }
}

/// Returns whether a text that was skipped is sure to be one that can be read.
fn is_plain(text: &str) -> bool {
    match text.as_bytes() {
        // Escapes may name half a character.
        [b'"', ..] => !text.contains("\\u"),
        [b't' | b'f' | b'n', ..] => true,
        // Great numbers are none that a double can hold.
        [b'-' | b'0'..=b'9', rest @ ..] => rest.len() < 300 && !rest.iter().any(|byte| byte | 0x20 == b'e'),
        _ => text.len() == 2,
    }
}

/// Returns a text without what stands between its parts.
fn on_one_line(text: &str) -> String {
    let (mut within, mut escaped) = (false, false);
    let kept = text.chars().filter(|char| {
        let keep = within || !char.is_ascii_whitespace();
        within ^= *char == '"' && !escaped;
        escaped = within && *char == '\\' && !escaped;
        keep
    });
    kept.collect()
}
