//! The Rust types of strings with a format.

use eventc_model::types::ValueFormat;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde::{Deserialize, Serialize};

/// The options under `[targets.rust.formats]`: for each format, the crate whose type reads its strings. Default `string` for all.
///
/// The strings become `eventc::Formatted`, which keeps the text: what is no date decodes and comes back as well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Formats {
    /// `chrono::DateTime<FixedOffset>`, `jiff::Timestamp` or `time::OffsetDateTime`.
    pub date_time: Times,
    /// `chrono::NaiveDate`, `jiff::civil::Date` or `time::Date`.
    pub date: Times,
    /// The crate's time of day, with its offset.
    pub time: Times,
    /// `jiff::Span`.
    pub duration: Durations,
    /// `uuid::Uuid`.
    pub uuid: Uuids,
    /// `url::Url`, for `uri` and `iri`.
    pub uri: Uris,
    /// `email_address::EmailAddress`.
    pub email: Emails,
    /// `std::net::Ipv4Addr`.
    pub ipv4: Addresses,
    /// `std::net::Ipv6Addr`.
    pub ipv6: Addresses,
    /// `Vec<u8>`, for `byte` and the content encoding base64.
    pub byte: Bytes,
}

/// The crates that can be chosen, each with the module of the runtime's `format` that has its types.
macro_rules! choices {
    ($($(#[$docs:meta])* $name:ident { $($choice:ident $module:literal),* })*) => {$(
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            /// Plain strings.
            #[default]
            String,
            $(/// The types of this library.
            $choice,)*
        }

        impl $name {
            fn module(self) -> Option<&'static str> {
                match self {
                    Self::String => None,
                    $(Self::$choice => Some($module),)*
                }
            }
        }
    )*};
}

choices! {
    /// The library for times and dates.
    Times { Chrono "chrono", Jiff "jiff", Time "time" }
    /// The library for durations.
    Durations { Jiff "jiff" }
    /// The library for UUIDs.
    Uuids { Uuid "uuid" }
    /// The library for URIs.
    Uris { Url "url" }
    /// The library for e-mail addresses.
    Emails { EmailAddress "email_address" }
    /// The library for IP addresses.
    Addresses { Std "net" }
    /// The library for base64.
    Bytes { Base64 "base64" }
}

impl Formats {
    /// Returns the module of the runtime with the type for a format, and the type's name there.
    fn choice(&self, format: ValueFormat) -> Option<(&'static str, &'static str)> {
        let (module, name) = match format {
            ValueFormat::DateTime => (self.date_time.module(), "DateTime"),
            ValueFormat::Date => (self.date.module(), "Date"),
            ValueFormat::Time => (self.time.module(), "Time"),
            ValueFormat::Duration => (self.duration.module(), "Duration"),
            ValueFormat::Uuid => (self.uuid.module(), "Uuid"),
            ValueFormat::Uri => (self.uri.module(), "Uri"),
            ValueFormat::Email => (self.email.module(), "Email"),
            ValueFormat::Ipv4 => (self.ipv4.module(), "Ipv4"),
            ValueFormat::Ipv6 => (self.ipv6.module(), "Ipv6"),
            ValueFormat::Byte => (self.byte.module(), "Byte"),
            ValueFormat::Hostname | ValueFormat::UriReference | ValueFormat::Regex | ValueFormat::JsonPointer => return None,
        };
        Some((module?, name))
    }

    /// Returns the type for a format, where it is not `String`.
    pub(crate) fn ty(&self, format: ValueFormat) -> Option<TokenStream> {
        let (module, name) = self.choice(format)?;
        let (module, name) = (Ident::new(module, Span::call_site()), Ident::new(name, Span::call_site()));
        Some(quote!(::eventc::format::#module::#name))
    }

    /// Returns the features of the runtime that the types need, each called as its crate, sorted.
    pub fn features(&self) -> Vec<&'static str> {
        let modules = [
            self.date_time.module(),
            self.date.module(),
            self.time.module(),
            self.duration.module(),
            self.uuid.module(),
            self.uri.module(),
            self.email.module(),
            self.byte.module(),
        ];
        let mut features: Vec<&str> = modules.into_iter().flatten().collect();
        features.sort_unstable();
        features.dedup();
        features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_has_the_type_of_its_crate() {
        let formats = Formats { date_time: Times::Jiff, date: Times::Chrono, ipv4: Addresses::Std, ..Formats::default() };
        assert_eq!(
            formats.ty(ValueFormat::DateTime).map(|ty| ty.to_string().replace(' ', "")),
            Some("::eventc::format::jiff::DateTime".into())
        );
        assert_eq!(formats.ty(ValueFormat::Ipv4).map(|ty| ty.to_string().replace(' ', "")), Some("::eventc::format::net::Ipv4".into()));
        assert!(formats.ty(ValueFormat::Uuid).is_none());
        assert_eq!(formats.features(), ["chrono", "jiff"]);
    }

    #[test]
    fn options_are_spelled_as_the_words_of_json_schema() {
        let formats: Formats =
            serde_json::from_str(r#"{"date-time": "time", "email": "email_address", "byte": "base64"}"#).expect("options");
        assert_eq!(formats.features(), ["base64", "email_address", "time"]);
        let error = serde_json::from_str::<Formats>(r#"{"uuid": "chrono"}"#).expect_err("no such choice").to_string();
        assert!(error.starts_with("unknown variant `chrono`, expected `string` or `uuid`"), "{error}");
    }
}
