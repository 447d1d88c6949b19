//! The management API of a RabbitMQ over HTTP.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;
use ureq::{
    Agent, Body,
    http::{Method, Request, Response},
    tls::TlsConfig,
};

use crate::error::BusError;

/// The most bytes of an answer: the queues of a large broker are some megabytes.
const LONGEST: u64 = 256 << 20;

/// The management API.
#[derive(Debug)]
pub(super) struct Api {
    /// The name of the broker in the environment.
    broker: String,
    /// The URL without the user.
    base: String,
    authorization: Option<String>,
    agent: Agent,
}

impl Api {
    /// Takes the URL, with or without a user in it, and a user who is stronger than that.
    ///
    /// # Errors
    /// Where the text is no URL of HTTP.
    pub(super) fn new(
        broker: &str,
        url: &str,
        user: Option<(String, String)>,
        tls: TlsConfig,
        timeout: Duration,
    ) -> Result<Self, BusError> {
        let (scheme, rest) = url
            .split_once("://")
            .filter(|(scheme, _)| ["http", "https"].contains(scheme))
            .ok_or_else(|| BusError::Setting(format!("{broker}: `management` is no URL that begins with http:// or https://")))?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (in_url, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.split_once(':').unwrap_or((user, ""))), host),
            None => (None, authority),
        };
        let in_url = in_url.map(|(name, password)| (unescaped(name), unescaped(password)));
        let authorization =
            user.or(in_url).map(|(name, password)| format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{password}"))));
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(timeout))
            .timeout_connect(Some(timeout.min(Duration::from_secs(10))))
            .tls_config(tls)
            .user_agent("eventc")
            .build()
            .new_agent();
        Ok(Self { broker: broker.to_owned(), base: format!("{scheme}://{host}{}", path.trim_end_matches('/')), authorization, agent })
    }

    /// Returns what is at a path; `None` where nothing is.
    pub(super) fn get(&self, what: &str, path: &str) -> Result<Option<Value>, BusError> {
        let mut answer = self.ask(what, Method::GET, path, None)?;
        if answer.status() == 404 {
            return Ok(None);
        }
        self.accepted(what, &mut answer)?;
        let value = answer.body_mut().with_config().limit(LONGEST).read_json().map_err(|error| self.failed(what, &error))?;
        Ok(Some(value))
    }

    /// Puts something at a path.
    pub(super) fn put(&self, what: &str, path: &str, body: &Value) -> Result<(), BusError> {
        self.accepted(what, &mut self.ask(what, Method::PUT, path, Some(body))?)
    }

    /// Adds something below a path.
    pub(super) fn post(&self, what: &str, path: &str, body: &Value) -> Result<(), BusError> {
        self.accepted(what, &mut self.ask(what, Method::POST, path, Some(body))?)
    }

    /// Removes what is at a path; nothing there is as good.
    pub(super) fn delete(&self, what: &str, path: &str) -> Result<(), BusError> {
        let mut answer = self.ask(what, Method::DELETE, path, None)?;
        if answer.status() == 404 { Ok(()) } else { self.accepted(what, &mut answer) }
    }

    fn ask(&self, what: &str, method: Method, path: &str, body: Option<&Value>) -> Result<Response<Body>, BusError> {
        let mut request = Request::builder().method(method).uri(format!("{}/api/{path}", self.base));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let sent = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json").body(body.to_string());
                request.map_err(ureq::Error::from).and_then(|request| self.agent.run(request))
            }
            None => request.body(()).map_err(ureq::Error::from).and_then(|request| self.agent.run(request)),
        };
        sent.map_err(|error| self.failed(what, &error))
    }

    /// Returns an error for an answer that refuses.
    fn accepted(&self, what: &str, answer: &mut Response<Body>) -> Result<(), BusError> {
        let status = answer.status().as_u16();
        if (200..300).contains(&status) {
            return Ok(());
        }
        let text = answer.body_mut().with_config().limit(LONGEST).lossy_utf8(true).read_to_string().unwrap_or_default();
        let told: Value = serde_json::from_str(&text).unwrap_or_default();
        let reason = told["reason"].as_str().or(told["error"].as_str()).map_or_else(|| format!("status {status}"), str::to_owned);
        let (broker, what) = (self.broker.clone(), what.to_owned());
        // Both of them: an unknown user, and one who has no right to this.
        Err(match status {
            401 if reason.contains("Login") || reason.contains("management") => {
                BusError::Refused { broker, address: self.base.clone(), cause: reason }
            }
            401 | 403 => BusError::Denied { broker, what, cause: reason },
            _ => BusError::Answer { broker, what, cause: reason },
        })
    }

    fn failed(&self, what: &str, error: &ureq::Error) -> BusError {
        let (broker, address) = (self.broker.clone(), self.base.clone());
        match error {
            ureq::Error::Timeout(_) => BusError::Slow { broker, address, during: what.to_owned() },
            ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => {
                BusError::Setting(format!("{broker}: {address}: {error}"))
            }
            ureq::Error::BodyExceedsLimit(_) | ureq::Error::Json(_) => {
                BusError::Answer { broker, what: what.to_owned(), cause: error.to_string() }
            }
            _ => BusError::Away { broker, address, cause: format!("{what}: {error}") },
        }
    }
}

/// Returns a name as a part of a path.
pub(super) fn escaped(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    name.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Returns a part of a URL as it is meant; what is no escape stays as it is.
pub(super) fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = (*first == b'%').then(|| after.get(..2)).flatten();
        let byte = escape.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_come_back() {
        assert_eq!(escaped("/"), "%2F");
        for name in ["/", "daa", "a b%c", "é", "agent.created@x:y?#"] {
            assert_eq!(unescaped(&escaped(name)), name);
        }
        assert_eq!(unescaped("100%"), "100%");
        assert_eq!(unescaped("%zz%4"), "%zz%4");
    }

    #[test]
    fn the_user_of_the_url_stays_out_of_messages() {
        let api = |url: &str, user| Api::new("rabbit", url, user, TlsConfig::default(), Duration::from_secs(1));
        let given = api("http://app:h%40sh@host:1/base/", None).expect("a URL");
        assert_eq!((given.base.as_str(), given.authorization.as_deref()), ("http://host:1/base", Some("Basic YXBwOmhAc2g=")));
        let stronger = api("https://app:hush@host", Some(("a".into(), "b".into()))).expect("a URL");
        assert_eq!((stronger.base.as_str(), stronger.authorization.as_deref()), ("https://host", Some("Basic YTpi")));
        assert!(api("amqp://host", None).is_err_and(|error| error.is_usage()));
    }
}
