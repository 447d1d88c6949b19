//! Owners of contracts, services that send and read events, and what asks for somebody's consent.

use serde::{Deserialize, Serialize};

use crate::handle::Handle;

/// Somebody who decides about contracts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Owner {
    /// Their responsibilities.
    pub description: String,
    /// The way to reach them.
    pub contact: String,
    /// Their names on the code host, such as `@company/orders-team`, for CODEOWNERS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub handles: Vec<Handle>,
}

/// A way to reach somebody.
///
/// ```
/// use eventc_model::config::ContactWay;
///
/// assert_eq!(ContactWay::of("orders@shop.example"), Some(ContactWay::Email("orders@shop.example")));
/// assert_eq!(ContactWay::of("https://shop.example/orders"), Some(ContactWay::Url("https://shop.example/orders")));
/// assert_eq!(ContactWay::of("#orders"), Some(ContactWay::Other("#orders")));
/// assert_eq!(ContactWay::of(""), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactWay<'a> {
    /// An address of the web.
    Url(&'a str),
    /// An address of e-mail.
    Email(&'a str),
    /// A text that people understand.
    Other(&'a str),
}

impl<'a> ContactWay<'a> {
    /// Reads what somebody states as the way to reach them; what is doubtful stays text. `None` where they state nothing.
    pub fn of(text: &'a str) -> Option<Self> {
        match text {
            "" => None,
            text if is_url(text) => Some(Self::Url(text)),
            text if is_email(text) => Some(Self::Email(text)),
            text => Some(Self::Other(text)),
        }
    }
}

/// Returns whether a text is plainly an absolute web address.
fn is_url(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=".contains(c);
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(plain) && rest.matches('#').count() < 2
    })
}

/// Returns whether a text is plainly an e-mail address.
fn is_email(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.split('.').all(|atom| !atom.is_empty() && atom.chars().all(|c| c.is_ascii_alphanumeric() || "-_+".contains(c)))
    };
    let host = |part: &str| {
        part.contains('.') && part.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-') && !label.contains(['_', '+']))
    };
    text.split_once('@').is_some_and(|(name, domain)| plain(name) && plain(domain) && host(domain))
}

/// Somebody who sends or reads events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// A description of its work.
    pub description: String,
    /// The owner who runs it: a name under `[owners]`.
    pub owner: Option<String>,
    /// The topics that it reads.
    pub consumes: Vec<Consumption>,
    /// Its quotas on each broker of a Kafka cluster, where an environment lists it under `principals`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<ServiceQuota>,
}

/// The quotas of a service on each broker of a Kafka cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ServiceQuota {
    /// Bytes that it may send in a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer_byte_rate: Option<u64>,
    /// Bytes that it may read in a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_byte_rate: Option<u64>,
    /// The share of a broker's request threads that it may take, in per cent of one thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_percentage: Option<u32>,
}

/// Topics that a service reads, and the function that reads them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Consumption {
    /// Globs over topics: `*` stands for any run of characters.
    #[serde(default, deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "schemars", schemars(with = "OneOrMany"))]
    pub topics: Vec<String>,
    /// The function that reads, which names the consumer group and queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// JSON Pointers into the payload: what is read. Empty: everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<String>,
}

/// A string, or a list of them.
#[derive(Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

/// The owners who may accept what the gate finds, by an `allow` in `x-event` that names them under `by`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Approvals {
    /// The owners who may accept a break: names under `[owners]`. Empty: everybody.
    pub breaks: Vec<String>,
}

/// The policy for contracts that leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DeprecationPolicy {
    /// Fewest days between `deprecated.since` and `deprecated.sunset`. Default 180.
    pub window_days: u32,
}

impl Default for DeprecationPolicy {
    fn default() -> Self {
        Self { window_days: 180 }
    }
}
