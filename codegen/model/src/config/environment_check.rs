//! What is wrong with environments beyond what their types can say.

use serde_json::Value;

use super::{
    Config,
    broker::Broker,
    environment::{Environment, EnvironmentBroker},
    interpolated::Interpolated,
    security::{Security, has_literal_password, is_literal},
};
use crate::{
    diagnostic::{self, Diagnostic, Rule},
    names::nearest,
    settings::TopicSettings,
    syntax::{Document, escape_pointer},
};

/// The check of one environment.
pub(super) struct EnvironmentCheck<'a> {
    config: &'a Config,
    document: &'a Document,
    /// The JSON Pointer of the environment.
    pointer: String,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> EnvironmentCheck<'a> {
    /// Reports what is wrong with all environments.
    pub(super) fn all(config: &'a Config, document: &'a Document, diagnostics: &'a mut Vec<Diagnostic>) {
        for (name, environment) in &config.environments {
            let pointer = format!("/environments/{}", escape_pointer(name));
            let mut check = EnvironmentCheck { config, document, pointer, diagnostics };
            check.folder_name("", "an environment", name);
            check.brokers(environment);
            check.namespaces(environment);
            check.principals(environment);
            if let Some(registry) = &environment.registry {
                check.url("/registry/url", &registry.url);
                check.security("/registry/security", &registry.security, None);
            }
            if let Some(postgres) = &environment.postgres {
                check.url("/postgres/url", &postgres.url);
            }
        }
    }

    fn report(&mut self, rule: &'static Rule, below: &str, message: impl Into<String>, help: impl Into<String>) {
        let pointer = format!("{}{below}", self.pointer);
        self.diagnostics.push(Diagnostic::new(rule, self.document.key_place(&pointer), message).pointer(pointer).help(help));
    }

    fn mistake(&mut self, below: &str, message: impl Into<String>, help: impl Into<String>) {
        self.report(&diagnostic::BAD_CONFIG, below, message, help);
    }

    /// Names of environments and brokers are those of folders, too.
    fn folder_name(&mut self, below: &str, what: &str, name: &str) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
            self.mistake(below, format!("{name:?} cannot name {what}"), "use letters of ASCII, digits, `-`, `_` and `.`");
        }
    }

    fn brokers(&mut self, environment: &Environment) {
        for (name, broker) in &environment.brokers {
            let below = format!("/brokers/{}", escape_pointer(name));
            self.folder_name(&below, "a broker", name);
            self.keys_of_kind(&below, broker);
            for (index, server) in broker.servers.iter().enumerate() {
                self.url(&format!("{below}/servers/{index}"), server);
            }
            for (key, url) in [("url", &broker.url), ("management", &broker.management)] {
                if let Some(url) = url {
                    self.url(&format!("{below}/{key}"), url);
                }
            }
            self.security(&format!("{below}/security"), &broker.security, Some(broker.kind));
        }
    }

    /// Reports what a broker of its kind needs, and what it has no use for.
    fn keys_of_kind(&mut self, below: &str, broker: &EnvironmentBroker) {
        let kafka = [("servers", !broker.servers.is_empty()), ("ignore_settings", !broker.ignore_settings.is_empty())];
        let rabbitmq = [
            ("url", broker.url.is_some()),
            ("management", broker.management.is_some()),
            ("virtual_host", broker.virtual_host.is_some()),
            ("version", broker.version.is_some()),
        ];
        let (is_reachable, need, foreign) = match broker.kind {
            Broker::Kafka => (kafka[0].1, "servers = [\"kafka-1.example.com:9092\"]", &rabbitmq[..]),
            Broker::Rabbitmq => (rabbitmq[0].1, "url = \"amqps://rabbitmq.example.com\"", &kafka[..]),
        };
        let key = need.split(' ').next().unwrap_or_default();
        // One that cannot be read is told already.
        let is_stated =
            self.document.get(&format!("{}{below}/{key}", self.pointer)).is_some_and(|value| *value != Value::Array(Vec::new()));
        if !is_reachable && !is_stated {
            self.mistake(below, format!("a broker of the kind `{}` needs `{key}`", broker.kind.as_str()), format!("add `{need}`"));
        }
        for (key, _) in foreign.iter().filter(|(_, stated)| *stated) {
            let message = format!("a broker of the kind `{}` has no `{key}`", broker.kind.as_str());
            self.mistake(&format!("{below}/{key}"), message, "remove the key");
        }
    }

    fn namespaces(&mut self, environment: &Environment) {
        let config = self.config;
        for (name, placement) in &environment.namespaces {
            let below = format!("/namespaces/{}", escape_pointer(name));
            if !config.namespace.iter().any(|namespace| namespace.name == *name) {
                let known = config.namespace.iter().map(|namespace| namespace.name.as_str());
                self.unknown(&below, "namespace", name, nearest(name, known), "name one of [[namespace]]");
            }
            if let Some(broker) = placement.broker.as_ref().filter(|broker| !environment.brokers.contains_key(*broker)) {
                let near = nearest(broker, environment.brokers.keys().map(String::as_str));
                self.unknown(&format!("{below}/broker"), "broker", broker, near, "name one of the environment's `brokers`");
            }
            self.settings(&format!("{below}/topic"), &placement.topic);
            for (key, by_name) in [("domain", &placement.domain), ("topics", &placement.topics)] {
                for (name, settings) in by_name {
                    self.settings(&format!("{below}/{key}/{}", escape_pointer(name)), settings);
                }
            }
        }
        for namespace in &config.namespace {
            let is_placed = environment.namespaces.get(&namespace.name).is_some_and(|placement| placement.broker.is_some());
            let fitting: Vec<&str> = environment.fitting(namespace).collect();
            if !is_placed && fitting.len() > 1 {
                let message = format!("the namespace {:?} could be on any of the brokers {}", namespace.name, fitting.join(", "));
                let help = format!("add `namespaces.{}.broker = {:?}`", namespace.name, fitting[0]);
                self.mistake("", message, help);
            }
        }
    }

    fn settings(&mut self, below: &str, settings: &TopicSettings) {
        let pointer = format!("{}{below}", self.pointer);
        self.diagnostics.extend(settings.problems(self.document, &pointer, &diagnostic::BAD_CONFIG));
    }

    fn principals(&mut self, environment: &Environment) {
        let config = self.config;
        for name in environment.principals.keys().filter(|name| !config.services.contains_key(*name)) {
            let near = nearest(name, config.services.keys().map(String::as_str));
            self.unknown(&format!("/principals/{}", escape_pointer(name)), "service", name, near, "name somebody under [services]");
        }
    }

    fn unknown(&mut self, below: &str, what: &str, name: &str, near: Option<&str>, otherwise: &str) {
        let help = near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean {near:?}?"));
        self.mistake(below, format!("there is no {what} {name:?}"), help);
    }

    fn security(&mut self, below: &str, security: &Security, broker: Option<Broker>) {
        if let Some(tls) = security.tls.as_ref().filter(|tls| tls.certificate.is_some() != tls.key.is_some()) {
            let (key, other) = if tls.key.is_some() { ("key", "certificate") } else { ("certificate", "key") };
            self.mistake(&format!("{below}/tls/{key}"), format!("a `{key}` is of no use without its `{other}`"), format!("add `{other}`"));
        }
        if broker == Some(Broker::Kafka) {
            for (key, _) in
                [("username", &security.username), ("password", &security.password)].iter().filter(|(_, stated)| stated.is_some())
            {
                self.mistake(&format!("{below}/{key}"), format!("Kafka has no `{key}` outside `sasl`"), "move it into `sasl`");
            }
        } else if security.sasl.is_some() {
            self.mistake(&format!("{below}/sasl"), "`sasl` is Kafka's", "write `username` and `password` beside it, in `security`");
        }
        self.password(&format!("{below}/password"), security.password.as_ref());
        let Some(sasl) = &security.sasl else { return };
        self.password(&format!("{below}/sasl/password"), sasl.password.as_ref());
        self.password(&format!("{below}/sasl/token"), sasl.token.as_ref());
        self.password(&format!("{below}/sasl/client_secret"), sasl.client_secret.as_ref());
        let (missing, needless) = sasl.mismatches();
        let mechanism = sasl.mechanism.as_str();
        for key in missing {
            self.mistake(&format!("{below}/sasl"), format!("{mechanism} needs `{key}`"), format!("add `{key}`"));
        }
        for key in needless {
            self.mistake(&format!("{below}/sasl/{key}"), format!("{mechanism} has no use for `{key}`"), "remove the key");
        }
    }

    fn password(&mut self, below: &str, password: Option<&Interpolated>) {
        if password.is_some_and(is_literal) {
            self.literal_password(below);
        }
    }

    fn url(&mut self, below: &str, url: &Interpolated) {
        if has_literal_password(url) {
            self.literal_password(below);
        }
    }

    fn literal_password(&mut self, below: &str) {
        let help = "write ${VARIABLE} or ${file:PATH} in its place, and change the password: whoever reads the file knows it";
        self.report(&diagnostic::LITERAL_PASSWORD, below, "a password stands here for everybody to read", help);
    }
}
