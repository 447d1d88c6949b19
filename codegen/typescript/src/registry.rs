//! The files that speak of all events: topics, types by topic, event types by topic.

use std::collections::{HashMap, HashSet};

use eventc_model::{config::Namespace, syntax::split_pointer, types::ModuleId};
use minijinja::{Value, context};
use serde_json::{Map, Value as Json, json};

use super::{
    context::EmitContext,
    docs,
    info::info,
    listing::RegistryEntry,
    text::{data, doc, literal_type, number, prose, string},
};

/// Returns events for the templates of `events`, `index` and `lazy`.
pub(super) fn events(cx: &EmitContext<'_>) -> Value {
    let mut aliases = Aliases::default();
    let events: Vec<Value> = cx.listing.entries.iter().map(|entry| event(cx, entry, &mut aliases)).collect();
    let modules: Vec<Value> = aliases.modules.iter().map(|(id, alias)| context! { path => cx.path(*id), alias }).collect();
    context! { events, modules }
}

/// Short names of modules, in the order in which they are needed.
#[derive(Default)]
struct Aliases {
    modules: Vec<(ModuleId, String)>,
    known: HashMap<ModuleId, usize>,
}

impl Aliases {
    fn of(&mut self, module: ModuleId) -> String {
        if let Some(at) = self.known.get(&module) {
            return self.modules[*at].1.clone();
        }
        self.known.insert(module, self.modules.len());
        let alias = format!("m{}", self.modules.len() + 1);
        self.modules.push((module, alias.clone()));
        alias
    }
}

fn event(cx: &EmitContext<'_>, entry: &RegistryEntry<'_>, aliases: &mut Aliases) -> Value {
    let alias = aliases.of(entry.module);
    let name = &cx.types().get(entry.root).name;
    let payload = format!("{alias}.{name}");
    let whole = match cx.envelope(entry.contract) {
        None => payload.clone(),
        Some((module, root)) => {
            let envelope = cx.types().get(root);
            let outer = format!("{}.{}", aliases.of(module), envelope.name);
            if envelope.generic { format!("{outer}<{payload}>") } else { outer }
        }
    };
    let value = format!("e{}", alias.trim_start_matches('m'));
    context! { topic => string(&entry.contract.topic), path => cx.path(entry.module), name, payload, whole, value }
}

/// Returns topics for their template.
pub(super) fn topics(cx: &EmitContext<'_>) -> Vec<Value> {
    cx.listing.entries.iter().map(|entry| topic(cx, entry)).collect()
}

/// Returns the roles of each namespace's envelope for their template.
pub(super) fn envelopes(cx: &EmitContext<'_>) -> Vec<Value> {
    let used: HashSet<usize> =
        cx.input.events().filter(|contract| cx.envelope(contract).is_some()).map(|contract| contract.namespace).collect();
    let namespaces = cx.catalog().config.namespace.iter().enumerate().filter(|(index, _)| used.contains(index));
    let envelope = |(index, namespace): (usize, &Namespace)| {
        let roles = namespace.envelope.as_ref()?;
        let steps = |pointer: &str| json!(split_pointer(pointer));
        let places = roles.places().map(|(name, pointer)| (name.to_owned(), steps(pointer)));
        let places: Map<String, Json> = std::iter::once(("payload".to_owned(), steps(&roles.payload))).chain(places).collect();
        let doc = doc(&[format!("The envelope of the namespace `{}`.", namespace.name)], 0);
        Some(context! { doc, name => cx.envelope_constant(index), roles => data(&Json::Object(places), 0) })
    };
    namespaces.filter_map(envelope).collect()
}

fn topic(cx: &EmitContext<'_>, entry: &RegistryEntry<'_>) -> Value {
    let contract = entry.contract;
    let info = info(cx.catalog(), contract);
    let mut lines = Vec::new();
    let keywords = cx.schemas().keywords(contract.root);
    lines.extend(keywords.and_then(|keywords| keywords.description.as_deref()).map(prose));
    lines.extend(contract.metadata.deprecated.as_ref().map(docs::deprecated));
    let name = &entry.constant;
    context! { doc => doc(&lines, 0), name, topic => string(&contract.topic), type => literal_type(&info, &number), value => data(&info, 0) }
}
