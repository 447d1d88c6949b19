//! What every object, enum, union and newtype of this package implements.

/// What reads and writes an object: each property with its position, whether it must be present, its field, its name in JSON, how it is
/// read, and in brackets what a strict reader asks of it beyond its type; then the field for the properties that have none, and how one of
/// them is read.
macro_rules! codec {
    ([$($support:tt)*] $name:ident $([$p:ident])? {
        $($index:literal $presence:ident $field:ident $json:literal ($($reader:tt)+) $([$($asked:tt)+])?;)*
    } $($rest:ident ($($other:tt)+))?) => {
        impl<$($p: ::serde::Serialize)?> ::serde::Serialize for $name<$($p)?> {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                $($support)*::Output::new(serializer)$(.$presence($json, &self.$field))*$(.rest(&self.$rest))?.end()
            }
        }

        impl<'de, $($p: ::serde::de::DeserializeOwned + ::serde::Serialize)?> ::serde::Deserialize<'de> for $name<$($p)?> {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                $($support)*::object(deserializer)
            }
        }

        impl<$($p: ::serde::Serialize)?> ::eventc::serde_support::strict::Asked for $name<$($p)?> {}

        impl<$($p: ::serde::de::DeserializeOwned + ::serde::Serialize)?> $($support)*::Object for $name<$($p)?> {
            const NAME: &'static str = stringify!($name);
            const FIELDS: &'static [&'static str] = &[$($json),*];

            fn read<'de, __A: ::serde::de::MapAccess<'de>>(mut members: $($support)*::Members<__A>) -> Result<Self, __A::Error> {
                use $($support)*::codec;
                $(let mut $field = None;)*
                $(let mut $rest = ::std::default::Default::default();)?
                while let Some(index) = members.next()? {
                    match index {
                        $($index => members.$($reader)+(&mut $field)$(.and_then(|()| codec!(@asked members $field $($asked)+)))?,)*
                        _ => codec!(@other members $($rest $($other)+)?),
                    }?;
                }
                Ok(Self { $($field: codec!(@value members $presence $field $json),)* $($rest)? })
            }
        }
    };
    (@asked $members:ident $field:ident $plan:literal $(, $name:literal = $schema:path)*) => {{
        static ASKED: ::eventc::Schema = ::eventc::Schema::new($plan, &[$(($name, &$schema)),*]);
        $members.ask(&$field, &ASKED)
    }};
    (@other $members:ident) => { $members.refuse() };
    (@other $members:ident $rest:ident $($other:tt)+) => { $members.$($other)+(&mut $rest) };
    (@value $members:ident required $field:ident $json:literal) => { $members.need($field, $json)? };
    (@value $members:ident optional $field:ident $json:literal) => { $field };
}

/// What an enum of strings can do: its variants with their strings, then the variant for any other string.
macro_rules! strings {
    ([$($support:tt)*] $name:ident { $($variant:ident $text:literal;)* } $($unknown:ident)?) => {
        #[allow(dead_code, reason = "no service uses all of it")]
        impl $name {
            /// The strings that this version knows.
            pub const VALUES: &'static [&'static str] = &[$($text),*];

            /// The string.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    $(Self::$unknown(text) => text,)?
                }
            }
        }

        impl ::eventc::serde_support::strict::Asked for $name {}

        impl $($support)*::Strings for $name {
            const TEXTS: &'static [&'static str] = Self::VALUES;
            const KNOWN: &'static [Self] = &[$(Self::$variant),*];
            const UNKNOWN: Option<fn(String) -> Self> = $($support)*::strings!(@unknown $($unknown)?);
        }

        impl ::std::str::FromStr for $name {
            type Err = $($support)*::UnknownValue;

            fn from_str(text: &str) -> Result<Self, $($support)*::UnknownValue> {
                $($support)*::parse(text)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                $($support)*::text(deserializer)
            }
        }
    };
    (@unknown) => { None };
    (@unknown $unknown:ident) => { Some(Self::$unknown) };
}

/// What reads and writes a union: its schema if it has one of its own, its tag, then its variants with the form in which each is read.
macro_rules! alternatives {
    ([$($support:tt)*] $name:ident $([$p:ident])? ($schema:expr, $tag:expr) { $($variant:ident ($wire:ty);)* }) => {
        impl<$($p: ::serde::Serialize)?> ::serde::Serialize for $name<$($p)?> {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(value) => ::serde::Serialize::serialize(value, serializer),)*
                }
            }
        }

        impl<$($p: ::serde::Serialize)?> ::eventc::serde_support::strict::Asked for $name<$($p)?> {}

        impl<'de, $($p: ::serde::de::DeserializeOwned + ::serde::Serialize)?> ::serde::Deserialize<'de> for $name<$($p)?> {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                use $($support)*::{Branch, Wire as _};
                let branches: &[Branch<Self>] =
                    &[$(|value| <$wire as ::serde::Deserialize>::deserialize(value).map(|value| Self::$variant(value.native()))),*];
                $($support)*::union(deserializer, stringify!($name), $schema, $tag, branches)
            }
        }
    };
}

/// What a newtype can do: its target, and the form in which that is read where they differ; how it is made (`checked` with its schema, or
/// `free`); whether a strict reader asks it what its schema asks; and whether it is shown.
macro_rules! newtype {
    ([$($support:tt)*] $name:ident [$target:ty] $(($wire:ty))?
        $making:ident $($schema:ident $($asked:ident)?)? $(, $also:ident)*) => {
        impl ::serde::Serialize for $name {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                ::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl ::eventc::serde_support::strict::Asked for $name {}

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                #[allow(unused_imports, reason = "not every newtype needs all of them")]
                use $($support)*::{ask, newtype, wire};
                let value = newtype!(@read $target $(, $wire)?; deserializer)?;
                $($(newtype!(@$asked &value, $schema)?;)?)?
                Ok(Self(value))
            }
        }

        #[allow(dead_code, reason = "no service uses all of it")]
        impl $name {
            /// The value.
            pub fn into_inner(self) -> $target {
                self.0
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = $target;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl AsRef<$target> for $name {
            fn as_ref(&self) -> &$target {
                &self.0
            }
        }

        $($support)*::newtype!(@$making [$($support)*] $name [$target] $($schema)?);
        $($support)*::newtype!(@each [$($support)*] $name $($also)*);
    };
    (@read $target:ty; $deserializer:ident) => { <$target as ::serde::Deserialize>::deserialize($deserializer) };
    (@read $target:ty, $wire:ty; $deserializer:ident) => { wire::<$wire, _>($deserializer) };
    (@asked $value:expr, $schema:ident) => { ask($value, &$schema) };
    (@checked [$($support:tt)*] $name:ident [$target:ty] $schema:ident) => {
        #[allow(dead_code, unreachable_code, reason = "no service uses all of it, and some have no value")]
        impl $name {
            /// The value, if its schema accepts it.
            ///
            /// # Errors
            /// What the schema asks and the value does not meet.
            pub fn new(value: impl Into<$target>) -> Result<Self, ::eventc::ValidationErrors> {
                $($support)*::checked(value.into(), &$schema).map(Self)
            }
        }

        impl TryFrom<$target> for $name {
            type Error = ::eventc::ValidationErrors;

            fn try_from(value: $target) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }
    };
    (@free [$($support:tt)*] $name:ident [$target:ty]) => {
        impl From<$target> for $name {
            fn from(value: $target) -> Self {
                Self(value)
            }
        }
    };
    (@each [$($support:tt)*] $name:ident) => {};
    (@each [$($support:tt)*] $name:ident shown $($also:ident)*) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        $($support)*::newtype!(@each [$($support)*] $name $($also)*);
    };
    (@each [$($support:tt)*] $name:ident text $($also:ident)*) => {
        impl TryFrom<&str> for $name {
            type Error = ::eventc::ValidationErrors;

            fn try_from(value: &str) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        $($support)*::newtype!(@each [$($support)*] $name $($also)*);
    };
}

/// What an `AnyEvent` can do: the events of its own with their positions in the order of topics, then the modules below it.
///
/// What decodes and encodes is marked `#[inline]`: the code for all events is made where it is used, and not in every build of the
/// package.
macro_rules! dispatch {
    ([$($support:tt)*] $name:ident { $($index:literal $topic:literal $variant:ident($event:ty);)* } { $($child:ident($module:ident);)* }) => {
        $($support)*::dispatch!(@find $name $($topic)*);

        #[allow(dead_code, reason = "no service uses all of it")]
        impl $name {
            /// Whether a topic is one of these.
            pub fn knows(topic: &str) -> bool {
                Self::index(topic).is_some() $(|| $module::$name::knows(topic))*
            }

            /// Decodes the payload of a topic's event.
            ///
            /// # Errors
            /// The topic is unknown, or the bytes are no such payload.
            #[inline]
            pub fn decode(topic: &str, bytes: &[u8]) -> Result<Self, ::eventc::DecodeError> {
                match Self::index(topic) {
                    $(Some($index) => <$event as ::eventc::Event>::decode(bytes).map(|event| Self::$variant(Box::new(event))),)*
                    $(_ if $module::$name::knows(topic) => $module::$name::decode(topic, bytes).map(Self::$child),)*
                    _ => Err(::eventc::DecodeError::UnknownTopic { topic: topic.to_owned() }),
                }
            }

            /// Decodes a topic's event as it travels, and takes it out of its envelope.
            ///
            /// # Errors
            /// The topic is unknown, or the bytes are no such event.
            #[inline]
            pub fn decode_event(topic: &str, bytes: &[u8]) -> Result<Self, ::eventc::DecodeError> {
                match Self::index(topic) {
                    $(Some($index) => <$event as ::eventc::Event>::decode_event(bytes)
                        .map(|envelope| Self::$variant(Box::new(::eventc::Envelope::into_payload(envelope)))),)*
                    $(_ if $module::$name::knows(topic) => $module::$name::decode_event(topic, bytes).map(Self::$child),)*
                    _ => Err(::eventc::DecodeError::UnknownTopic { topic: topic.to_owned() }),
                }
            }

            /// Decodes the payload of a topic's event and validates it, in one pass.
            ///
            /// # Errors
            /// The topic is unknown, or the bytes are no such payload, or no valid one.
            #[inline]
            pub fn decode_valid(topic: &str, bytes: &[u8]) -> Result<Self, ::eventc::DecodeError> {
                match Self::index(topic) {
                    $(Some($index) => <$event as ::eventc::Event>::decode_valid(bytes).map(|event| Self::$variant(Box::new(event))),)*
                    $(_ if $module::$name::knows(topic) => $module::$name::decode_valid(topic, bytes).map(Self::$child),)*
                    _ => Err(::eventc::DecodeError::UnknownTopic { topic: topic.to_owned() }),
                }
            }

            /// Decodes a topic's event as it travels, validates it in the same pass, and takes it out of its envelope.
            ///
            /// # Errors
            /// The topic is unknown, or the bytes are no such event, or no valid one.
            #[inline]
            pub fn decode_valid_event(topic: &str, bytes: &[u8]) -> Result<Self, ::eventc::DecodeError> {
                match Self::index(topic) {
                    $(Some($index) => <$event as ::eventc::Event>::decode_valid_event(bytes)
                        .map(|envelope| Self::$variant(Box::new(::eventc::Envelope::into_payload(envelope)))),)*
                    $(_ if $module::$name::knows(topic) => $module::$name::decode_valid_event(topic, bytes).map(Self::$child),)*
                    _ => Err(::eventc::DecodeError::UnknownTopic { topic: topic.to_owned() }),
                }
            }

            /// The validation schema of a topic's payload; `None` for an unknown topic.
            pub fn schema(topic: &str) -> Option<&'static ::eventc::Schema> {
                match Self::index(topic) {
                    $(Some($index) => Some(<$event as ::eventc::Validate>::schema()),)*
                    $(_ if $module::$name::knows(topic) => $module::$name::schema(topic),)*
                    _ => None,
                }
            }

            /// Validates the payload of a topic's event; `None` for an unknown topic.
            pub fn validate(topic: &str, value: &::serde_json::Value) -> Option<Result<(), ::eventc::ValidationErrors>> {
                Self::schema(topic).map(|schema| schema.validate(value))
            }

            /// Validates a topic's event as it travels, in its envelope; `None` for an unknown topic.
            #[inline]
            pub fn validate_event(topic: &str, value: &::serde_json::Value) -> Option<Result<(), ::eventc::ValidationErrors>> {
                match Self::index(topic) {
                    $(Some($index) => Some(::eventc::validate_event::<$event>(value)),)*
                    $(_ if $module::$name::knows(topic) => $module::$name::validate_event(topic, value),)*
                    _ => None,
                }
            }

            /// Encodes the payload.
            ///
            /// # Errors
            /// The payload cannot be written as JSON.
            #[inline]
            pub fn encode(&self) -> Result<Vec<u8>, ::eventc::EncodeError> {
                match self {
                    $(Self::$variant(event) => ::eventc::Event::encode(&**event),)*
                    $(Self::$child(event) => event.encode(),)*
                }
            }

            /// The topic that the event travels on.
            pub fn topic(&self) -> &'static ::eventc::Topic {
                match self {
                    $(Self::$variant(_) => <$event as ::eventc::Event>::TOPIC,)*
                    $(Self::$child(event) => event.topic(),)*
                }
            }
        }

        $(impl From<$event> for $name {
            fn from(event: $event) -> Self {
                Self::$variant(Box::new(event))
            }
        })*

        $(impl From<$module::$name> for $name {
            fn from(event: $module::$name) -> Self {
                Self::$child(event)
            }
        })*
    };
    (@find $name:ident) => {
        #[allow(dead_code, reason = "no service uses all of it")]
        impl $name {
            fn index(_: &str) -> Option<usize> {
                None
            }
        }
    };
    (@find $name:ident $($topic:literal)+) => {
        #[allow(dead_code, reason = "no service uses all of it")]
        impl $name {
            /// The topics of these events, sorted.
            pub const TOPICS: &'static [&'static str] = &[$($topic),+];

            fn index(topic: &str) -> Option<usize> {
                Self::TOPICS.binary_search(&topic).ok()
            }
        }
    };
}

pub(crate) use {alternatives, codec, dispatch, newtype, strings};
