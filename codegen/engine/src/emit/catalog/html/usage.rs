//! How to send and read an event from code: a snippet for each language that is generated.

use std::collections::HashMap;

use eventc_model::types::ModuleId;
use minijinja::{Value, context};
use serde_json::json;

use super::markup;
use crate::emit::{
    Input,
    catalog::{
        fields::md,
        site::{Entry, Site},
    },
    python, typescript,
};

/// What snippets need to know of each language's package; none where it is not generated.
pub(super) struct Usage<'a> {
    rust: Option<String>,
    typescript: Option<String>,
    /// The names of modules.
    python: Option<HashMap<ModuleId, String>>,
    input: &'a Input<'a>,
}

impl<'a> Usage<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let config = &input.catalog.config;
        let made = |name: &str| config.targets.is_empty() || config.targets.contains_key(name);
        let rust = made("rust").then(|| config.target::<eventc_rust::Options>("rust").ok()).flatten();
        let typescript = made("typescript").then(|| config.target::<typescript::Options>("typescript").ok()).flatten();
        Self {
            rust: rust.map(|options| options.package.replace('-', "_")),
            typescript: typescript.map(|options| options.package),
            python: if made("python") { python::imports(input) } else { None },
            input,
        }
    }

    /// The snippets of an event: name, how to send, how to read.
    pub(super) fn of(&self, site: &Site<'_>, entry: &Entry<'_>) -> Vec<Value> {
        let contract = entry.contract;
        let is_event = contract.kind == eventc_model::catalog::ContractKind::Event;
        let Some(module) = self.input.types.module_of(contract.file).filter(|_| is_event) else { return Vec::new() };
        let enveloped = site.envelopes[contract.namespace].is_some_and(|envelope| self.input.selects(envelope));
        let service = contract.metadata.producers.first().map_or("my-service", String::as_str);
        let snippets = [
            ("Rust", self.rust(module, enveloped, service)),
            ("TypeScript", self.typescript(&contract.topic, enveloped)),
            ("Python", self.python(module, enveloped)),
        ];
        let made = snippets.into_iter().filter_map(|(name, code)| Some((name, code?)));
        made.map(|(name, code)| context! { name => name, code => md(markup::block(&code)) }).collect()
    }

    fn rust(&self, module: ModuleId, enveloped: bool, service: &str) -> Option<String> {
        let package = self.rust.as_ref()?;
        let path = eventc_rust::path_of(self.input.types, self.input.types.module(module).root?);
        let ty = path.rsplit("::").next()?;
        let (build, uses) = if enveloped {
            (format!("EnvelopeBuilder::new().id(id).time(now).source({service:?}).build(payload)?"), "EnvelopeBuilder, Event, Message")
        } else {
            ("Bare(payload)".to_owned(), "Bare, Event, Message")
        };
        Some(format!(
            "use eventc::{{{uses}}};\nuse {package}::{path};\n\n// Send: validated, with topic and partition key.\nlet event = {build};\nlet message = Message::of::<{ty}>(&event)?;\n\n// Read: as tolerant as the type is.\nlet event = {ty}::decode_event(bytes)?;\n"
        ))
    }

    fn typescript(&self, topic: &str, enveloped: bool) -> Option<String> {
        let package = json!(self.typescript.as_ref()?);
        let (validate, encode, decode) =
            if enveloped { ("validateEvent", "encodeEvent", "decodeEvent") } else { ("validate", "encode", "decode") };
        let topic = json!(topic);
        Some(format!(
            "import {{ events }} from {package};\n\nconst contract = events[{topic}];\n\n// Send: everything that is wrong with it at once.\nconst checked = contract.{validate}(event);\nif (!checked.ok) throw new Error(checked.issues.map((issue) => issue.message).join(\"; \"));\nconst body = contract.{encode}(checked.value);\n\n// Read: typed, or a DecodeError that says where.\nconst received = contract.{decode}(message);\n"
        ))
    }

    fn python(&self, module: ModuleId, enveloped: bool) -> Option<String> {
        let name = self.python.as_ref()?.get(&module)?;
        let (validate, decode) = if enveloped { ("validate_event", "decode_event") } else { ("validate", "decode") };
        Some(format!(
            "from {name} import TOPIC, {decode}, encode, {validate}\n\n# Send: everything that is wrong with it at once.\nviolations = {validate}(event)\nif violations:\n    raise ValueError(violations)\ntopic, body = TOPIC.name, encode(event)\n\n# Read: typed, or a DecodeError that says where.\nreceived = {decode}(message)\n"
        ))
    }
}
