//! The objects of AsyncAPI 3 that documents are made of (asyncapi.com/docs/reference/specification/v3.0.0, "Schema"), as far as
//! contracts fill them. Members that begin with `x-` are extensions ("Specification Extensions").

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

/// A whole document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AsyncApiDocument<'a> {
    pub(super) asyncapi: &'static str,
    pub(super) info: &'a Info<'a>,
    pub(super) default_content_type: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) servers: BTreeMap<String, Server<'a>>,
    pub(super) channels: BTreeMap<String, Channel<'a>>,
    pub(super) operations: BTreeMap<String, Operation<'a>>,
    pub(super) components: Components<'a>,
    /// What the document's service may do, by environment and broker.
    #[serde(rename = "x-rights", skip_serializing_if = "Option::is_none")]
    pub(super) rights: Option<&'a Map<String, Value>>,
}

/// Metadata of the document.
#[derive(Debug, Serialize)]
pub(super) struct Info<'a> {
    pub(super) title: &'a str,
    pub(super) version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contact: Option<Contact<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<Tag<'a>>,
    #[serde(rename = "x-owners", skip_serializing_if = "Vec::is_empty")]
    pub(super) owners: Vec<Contact<'a>>,
}

/// A contact: who is responsible.
#[derive(Debug, Serialize)]
pub(super) struct Contact<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'a str>,
    /// A way to reach them that is neither of the two, such as the name of a chat room.
    #[serde(rename = "x-contact", skip_serializing_if = "Option::is_none")]
    pub(super) other: Option<&'a str>,
    #[serde(rename = "x-description", skip_serializing_if = "str::is_empty")]
    pub(super) description: &'a str,
}

/// A word to find something by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
}

/// A broker.
#[derive(Debug, Serialize)]
pub(super) struct Server<'a> {
    pub(super) host: String,
    pub(super) protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pathname: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) description: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) variables: BTreeMap<&'a str, ServerVariable>,
    /// Schemes of security, of which one is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) security: Vec<Value>,
}

/// A part of a server's host that varies.
#[derive(Debug, Serialize)]
pub(super) struct ServerVariable {
    pub(super) description: &'static str,
}

/// A channel: where messages travel.
#[derive(Debug, Serialize)]
pub(super) struct Channel<'a> {
    /// `null` where AsyncAPI cannot spell it.
    pub(super) address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
    pub(super) messages: BTreeMap<String, ReferenceObject>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) parameters: BTreeMap<&'a str, Parameter<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) servers: Vec<ReferenceObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<Tag<'a>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) bindings: Map<String, Value>,
    #[serde(flatten)]
    pub(super) extensions: Map<String, Value>,
}

/// A part of an address that varies.
#[derive(Debug, Serialize)]
pub(super) struct Parameter<'a> {
    pub(super) description: &'static str,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub(super) values: Vec<&'a str>,
}

/// An operation: what an application does with messages.
#[derive(Debug, Serialize)]
pub(super) struct Operation<'a> {
    pub(super) action: Action,
    pub(super) channel: ReferenceObject,
    pub(super) summary: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<Tag<'a>>,
    pub(super) messages: Vec<ReferenceObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply: Option<Reply>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) bindings: Map<String, Value>,
    #[serde(flatten)]
    pub(super) extensions: Map<String, Value>,
}

/// The action of an operation, from the side of the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Action {
    Send,
    Receive,
}

/// The channel of the reply to a request.
#[derive(Debug, Serialize)]
pub(super) struct Reply {
    pub(super) channel: ReferenceObject,
    pub(super) messages: Vec<ReferenceObject>,
}

/// A pointer to another object of the document.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ReferenceObject {
    #[serde(rename = "$ref")]
    pub(super) target: String,
}

/// Components to which other objects refer.
#[derive(Debug, Serialize)]
pub(super) struct Components<'a> {
    pub(super) messages: BTreeMap<String, Message<'a>>,
    pub(super) schemas: BTreeMap<String, Value>,
}

/// An event as it travels.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    pub(super) content_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) headers: Option<ReferenceObject>,
    pub(super) payload: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) correlation_id: Option<CorrelationId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<Tag<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) deprecated: bool,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) bindings: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) examples: Vec<Example>,
    #[serde(flatten)]
    pub(super) extensions: Map<String, Value>,
}

/// The location of the value that correlates the messages of one flow.
#[derive(Debug, Serialize)]
pub(super) struct CorrelationId {
    /// A runtime expression (RFC 6901 after `$message.payload#`).
    pub(super) location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
}

/// A message in full.
#[derive(Debug, Serialize)]
pub(super) struct Example {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) headers: Option<Value>,
    pub(super) payload: Value,
}
