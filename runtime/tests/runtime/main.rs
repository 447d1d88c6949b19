//! Tests of what services depend on, with the features that are asked for.

#[cfg(feature = "delivery")]
mod delivery;
#[cfg(feature = "json")]
mod depth;
#[cfg(feature = "json")]
mod differential;
#[cfg(feature = "json")]
mod event;
#[cfg(feature = "json")]
mod extra;
#[cfg(all(
    feature = "base64",
    feature = "chrono",
    feature = "email_address",
    feature = "jiff",
    feature = "time",
    feature = "url",
    feature = "uuid"
))]
mod format;
#[cfg(feature = "json")]
mod keywords;
#[cfg(feature = "json")]
mod message;
#[cfg(feature = "json")]
mod messages;
#[cfg(feature = "json")]
mod one_pass;
#[cfg(feature = "json")]
mod pattern;
