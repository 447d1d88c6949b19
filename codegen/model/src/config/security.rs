//! How a broker, a registry or a database is spoken to in confidence, and passwords that stand where everybody reads them.

use serde::{Deserialize, Serialize};

use super::interpolated::Interpolated;

/// The way in: encryption, and who one is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// TLS; `tls = {}` with the roots of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// SASL (Kafka).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sasl: Option<Sasl>,
    /// The user (RabbitMQ, registry); stronger than one in the URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<Interpolated>,
    /// The user's password: `${VARIABLE}` or `${file:PATH}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Interpolated>,
}

/// TLS, with certificates in PEM files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// The file of the certificates that the other side's is signed by. Without it, the roots of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roots: Option<Interpolated>,
    /// The file of one's own certificate, where the other side asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Interpolated>,
    /// The file of the certificate's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Interpolated>,
}

/// SASL: the mechanism, and what it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sasl {
    /// The mechanism.
    pub mechanism: SaslMechanism,
    /// The user (PLAIN, SCRAM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Interpolated>,
    /// The user's password (PLAIN, SCRAM): `${VARIABLE}` or `${file:PATH}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Interpolated>,
    /// The token itself (OAUTHBEARER), where something else fetches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Interpolated>,
    /// The URL that gives tokens to clients (OAUTHBEARER).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_url: Option<Interpolated>,
    /// The client that the token is for (OAUTHBEARER).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Interpolated>,
    /// The client's secret (OAUTHBEARER): `${VARIABLE}` or `${file:PATH}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Interpolated>,
    /// The scope of the token (OAUTHBEARER).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// A mechanism of SASL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SaslMechanism {
    /// PLAIN.
    Plain,
    /// SCRAM-SHA-256.
    #[serde(rename = "scram-sha-256")]
    ScramSha256,
    /// SCRAM-SHA-512.
    #[serde(rename = "scram-sha-512")]
    ScramSha512,
    /// OAUTHBEARER.
    Oauthbearer,
}

impl SaslMechanism {
    /// Returns its name as brokers spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
            Self::Oauthbearer => "OAUTHBEARER",
        }
    }
}

impl Sasl {
    /// Returns the keys that the mechanism asks for, and those that it has no use for, of what is stated.
    pub(super) fn mismatches(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let of_users = [("username", self.username.is_some()), ("password", self.password.is_some())];
        let of_clients = [
            ("token_url", self.token_url.is_some()),
            ("client_id", self.client_id.is_some()),
            ("client_secret", self.client_secret.is_some()),
        ];
        let of_tokens = [("token", self.token.is_some()), ("scope", self.scope.is_some())];
        let stated = |keys: &[(&'static str, bool)], is: bool| -> Vec<&'static str> {
            keys.iter().filter(|(_, stated)| *stated == is).map(|(key, _)| *key).collect()
        };
        if self.mechanism != SaslMechanism::Oauthbearer {
            return (stated(&of_users, false), [stated(&of_tokens, true), stated(&of_clients, true)].concat());
        }
        let needless = stated(&of_users, true);
        // A token that something else fetched needs nobody to ask for it.
        if self.token.is_some() {
            (Vec::new(), [needless, stated(&of_clients, true)].concat())
        } else {
            (stated(&of_clients, false), needless)
        }
    }
}

/// Stands for what nobody knows before a variable or a file is read.
const UNKNOWN: &str = "\0";

/// Returns whether a text that is a password says it for everybody who reads the configuration.
pub(super) fn is_literal(password: &Interpolated) -> bool {
    !password.filled(|_| UNKNOWN.to_owned()).replace(UNKNOWN, "").is_empty()
}

/// Returns whether a URL has a password in it that everybody reads, but for that of `guest` on loopback, which every RabbitMQ has.
pub(super) fn has_literal_password(url: &Interpolated) -> bool {
    let url = url.filled(|_| UNKNOWN.to_owned());
    let Some((_, rest)) = url.split_once("://") else { return false };
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let says = |password: &str| !password.replace(UNKNOWN, "").is_empty();
    let parameters = tail.split_once('?').map_or("", |(_, query)| query).split(['&', '#']);
    if parameters.filter_map(|pair| pair.split_once('=')).any(|(key, value)| key.ends_with("password") && says(value)) {
        return true;
    }
    let Some((user, host)) = authority.rsplit_once('@') else { return false };
    let Some((name, password)) = user.split_once(':') else { return false };
    says(password) && !((name, password) == ("guest", "guest") && is_loopback(host))
}

/// Returns whether a host, with or without its port, is the machine itself.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Interpolated {
        Interpolated::parse(text).expect("a text")
    }

    #[test]
    fn passwords_in_urls_are_found() {
        for url in [
            "amqp://app:hush@rabbit",
            "${A:-amqp://app:hush@rabbit}",
            "amqp://app:${PASSWORD:-hush}@rabbit",
            "amqp://guest:guest@rabbit",
            "amqp://guest:hush@127.0.0.1",
            "postgres://app@db/events?sslmode=require&password=hush",
            "postgres://a:b@c:d@host",
        ] {
            assert!(has_literal_password(&text(url)), "{url}");
        }
        for url in [
            "${A}",
            "${A:-amqp://guest:guest@127.0.0.1:5672}",
            "amqp://guest:guest@localhost",
            "http://guest:guest@[::1]:15672",
            "amqp://app:${PASSWORD}@rabbit",
            "amqp://app:${file:/run/secrets/rabbit}@rabbit/vhost",
            "postgres://postgres@127.0.0.1:5432/postgres",
            "amqp://${USER}:${PASSWORD}@rabbit",
            "rabbit:5672",
        ] {
            assert!(!has_literal_password(&text(url)), "{url}");
        }
    }

    #[test]
    fn passwords_alone_are_references() {
        assert!(is_literal(&text("hush")) && is_literal(&text("${A:-hush}")) && is_literal(&text("hu${A}")));
        assert!(!is_literal(&text("${A}")) && !is_literal(&text("${file:a}")) && !is_literal(&text("")) && !is_literal(&text("${A:-}")));
    }
}
