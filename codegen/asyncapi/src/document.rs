//! One document: what a namespace or a service has to do with events.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use eventc_model::{catalog::ContractKind, config, diagnostic::Diagnostic, schema::NodeId, text};

use serde_json::{Map, Value};

use super::{
    AsyncApiOptions,
    channel::{self, Route},
    draft7::Draft7Writer,
    flow::{Act, Flow, FlowEntry},
    keys::Keys,
    message,
    objects::{AsyncApiDocument, Channel, Components, Info, ReferenceObject},
    operation, server,
    vocabulary::{Meanings, Vocabulary},
};

/// The subject of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DocumentSubject<'a> {
    /// The namespace of that index.
    Namespace(usize),
    /// The service of that name.
    Service(&'a str),
}

/// The input of a document.
pub(super) struct DocumentScope<'a> {
    pub(super) path: String,
    pub(super) subject: DocumentSubject<'a>,
    pub(super) info: Info<'a>,
    /// Entries that are in it even if nobody acts on them.
    pub(super) entries: Vec<usize>,
    pub(super) acts: Vec<Act<'a>>,
}

/// The keys of a document's parts.
pub(super) struct DocumentPlan<'a> {
    pub(super) flow: &'a Flow<'a>,
    /// The key of each entry's message.
    pub(super) messages: BTreeMap<usize, String>,
    /// The channels of each entry.
    pub(super) routes: BTreeMap<usize, Vec<Route<'a>>>,
    /// The servers of each namespace, with their keys.
    pub(super) servers: Vec<(usize, String, config::Server<'a>)>,
    /// Whether servers of several namespaces are in the document.
    pub(super) mixed: bool,
}

impl<'a> DocumentPlan<'a> {
    fn new(flow: &'a Flow<'a>, scope: &DocumentScope<'a>) -> Self {
        let acted = scope.entries.iter().copied().chain(scope.acts.iter().map(|act| act.entry));
        // The answer to a request is in the document of everybody who has to do with the request.
        let entries: BTreeSet<usize> = acted.flat_map(|entry| std::iter::once(entry).chain(flow.entries[entry].reply)).collect();
        let mut keys = Keys::default();
        let messages = entries.iter().map(|entry| (*entry, keys.unique(&flow.entries[*entry].contract.topic))).collect();
        let (mut keys, mut routes) = (Keys::default(), BTreeMap::new());
        for entry in &entries {
            routes.insert(*entry, channel::routes(flow, *entry, scope, &entries, &mut keys));
        }
        let namespaces: BTreeSet<usize> = entries.iter().map(|entry| flow.entries[*entry].contract.namespace).collect();
        let mut plan = Self { flow, messages, routes, servers: Vec::new(), mixed: false };
        plan.name_servers(&namespaces);
        plan
    }

    fn name_servers(&mut self, namespaces: &BTreeSet<usize>) {
        let config = &self.flow.input.catalog.config;
        let mut keys = Keys::default();
        let of = |index: &usize| (*index, config.servers(&config.namespace[*index]));
        let all: Vec<(usize, Vec<config::Server<'a>>)> = namespaces.iter().map(of).filter(|(_, servers)| !servers.is_empty()).collect();
        self.mixed = all.len() > 1;
        for (index, servers) in all {
            for server in servers {
                let name = server.environment;
                let wanted = if self.mixed { format!("{}-{name}", config.namespace[index].name) } else { name.to_owned() };
                self.servers.push((index, keys.unique(&wanted), server));
            }
        }
    }

    pub(super) fn entry(&self, index: usize) -> &'a FlowEntry<'a> {
        &self.flow.entries[index]
    }

    /// Returns the pointer to the message of an entry, as a part of one of its channels.
    pub(super) fn message_in(&self, channel: &str, entry: usize) -> ReferenceObject {
        ReferenceObject { target: format!("#/channels/{channel}/messages/{}", self.messages[&entry]) }
    }

    /// Returns the root schemas of the document, with the names that fit best.
    fn roots(&self) -> Vec<(NodeId, Vec<String>)> {
        let mut roots: HashMap<NodeId, Vec<String>> = HashMap::new();
        let mut order = Vec::new();
        let mut add = |id: NodeId, names: Vec<String>| {
            roots.entry(id).or_insert_with(|| {
                order.push(id);
                names
            });
        };
        for (index, key) in &self.messages {
            let contract = self.entry(*index).contract;
            add(contract.root, vec![contract.type_name.clone(), format!("{}V{}", contract.type_name, contract.major), key.clone()]);
            if let Some(envelope) = self.flow.envelopes[contract.namespace].filter(|_| contract.kind == ContractKind::Event) {
                add(envelope.root, vec![envelope.type_name.clone(), envelope.topic.clone()]);
            }
            if let Some(headers) = self.flow.headers[contract.namespace] {
                add(headers, Vec::new());
            }
        }
        order.into_iter().map(|id| (id, roots.remove(&id).unwrap_or_default())).collect()
    }
}

/// Returns what the service that a document is about may do on brokers.
fn rights_of<'a>(flow: &'a Flow<'a>, subject: DocumentSubject<'a>) -> Option<&'a Map<String, Value>> {
    match subject {
        DocumentSubject::Namespace(_) => None,
        DocumentSubject::Service(name) => flow.rights.get(name),
    }
}

/// Makes a document, and says what it could not say.
pub(super) fn document<'a>(
    flow: &'a Flow<'a>,
    meanings: &Meanings<'_>,
    options: &'a AsyncApiOptions,
    scope: &'a DocumentScope<'a>,
) -> (String, Vec<Diagnostic>) {
    let plan = DocumentPlan::new(flow, scope);
    let vocabulary = Vocabulary::new(meanings, &plan.roots());
    let mut writer = Draft7Writer { meanings, vocabulary: &vocabulary, notes: Vec::new() };
    let mut channels: BTreeMap<String, Channel<'a>> = BTreeMap::new();
    let mut messages = BTreeMap::new();
    for (index, key) in &plan.messages {
        for route in &plan.routes[index] {
            channels.insert(route.key.clone(), channel::channel(&plan, *index, route, &mut writer.notes));
        }
        messages.insert(key.clone(), message::message(&plan, *index, &mut writer));
    }
    let roots: HashSet<NodeId> = plan.messages.keys().map(|index| plan.entry(*index).contract.root).collect();
    let mut schema = |(id, name): (NodeId, &str)| {
        let mut schema = writer.definition(id);
        if let Some(members) = schema.as_object_mut().filter(|_| roots.contains(&id)) {
            // The message has them, in their envelope.
            members.shift_remove("examples");
        }
        (name.to_owned(), schema)
    };
    let schemas = vocabulary.iter().map(&mut schema).collect();
    let whole = AsyncApiDocument {
        asyncapi: options.version.as_str(),
        info: &scope.info,
        default_content_type: message::JSON,
        servers: plan.servers.iter().map(|(_, key, facts)| (key.clone(), server::server(facts))).collect(),
        channels,
        operations: operation::operations(&plan, scope),
        components: Components { messages, schemas },
        rights: rights_of(flow, scope.subject),
    };
    (text::json_file(&whole), writer.notes)
}
