//! Servers: the brokers of environments, and how clients prove who they are.

use eventc_model::config::{Protocol, SaslMechanism, Server as ServerFacts};
use serde_json::{Value, json};

use super::objects::{Server, ServerVariable};

/// Returns the object of a server.
pub(super) fn server<'a>(facts: &ServerFacts<'a>) -> Server<'a> {
    let pathname = facts.virtual_host.filter(|host| *host != "/").map(|host| format!("/{}", host.trim_start_matches('/')));
    let variable = |name: &&'a str| (*name, ServerVariable { description: "A variable of the environment." });
    Server {
        host: facts.host.clone(),
        protocol: facts.protocol.as_str(),
        pathname,
        description: facts.description,
        variables: facts.variables.iter().map(variable).collect(),
        security: security(facts),
    }
}

/// Returns the schemes of which one is asked for.
fn security(facts: &ServerFacts<'_>) -> Vec<Value> {
    let is_kafka = matches!(facts.protocol, Protocol::Kafka | Protocol::KafkaSecure);
    if let Some(sasl) = &facts.security.sasl {
        return vec![match sasl.mechanism {
            SaslMechanism::Plain => json!({ "type": "plain" }),
            SaslMechanism::ScramSha256 => json!({ "type": "scramSha256" }),
            SaslMechanism::ScramSha512 => json!({ "type": "scramSha512" }),
            SaslMechanism::Oauthbearer => json!({ "type": "http", "scheme": "bearer" }),
        }];
    }
    if facts.security.tls.as_ref().is_some_and(|tls| tls.certificate.is_some()) {
        return vec![json!({ "type": "X509" })];
    }
    if is_kafka { Vec::new() } else { vec![json!({ "type": "userPassword" })] }
}
