//! Where a setting of an event is stated: in its contract, in its namespace, or in the environment.

use eventc_model::{
    catalog::{Catalog, Contract},
    diagnostic::{Diagnostic, Rule},
    syntax::escape_pointer,
};

/// The statements of a tree and of one of its environments, of which none may be known.
#[derive(Clone, Copy)]
pub(crate) struct Stated<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) environment: Option<&'a str>,
}

impl Stated<'_> {
    /// Returns a finding about a setting of an event, at the statement that holds; at the contract's `x-event` where nobody states it.
    pub(crate) fn finding(&self, rule: &'static Rule, contract: &Contract, key: &str, message: String, help: &str) -> Diagnostic {
        let (catalog, schema) = (self.catalog, self.catalog.schemas.file(contract.file));
        let config = catalog.config.document.as_ref();
        let in_config = |pointer: &String| config.is_some_and(|document| document.get(pointer).is_some());
        let own = format!("/x-event/topic/{key}");
        let found = self.here(contract, key).into_iter().find(in_config);
        let found = found.or_else(|| Self::of_namespace(contract, key).into_iter().find(in_config).filter(|_| schema.get(&own).is_none()));
        let (place, pointer) = match found {
            Some(pointer) => (catalog.config.place(&pointer), pointer),
            None if schema.get(&own).is_some() => (schema.key_place(&own), own),
            None => (schema.place("/x-event"), "/x-event".to_owned()),
        };
        Diagnostic::new(rule, place, message).pointer(pointer).topic(contract.topic.clone()).help(help)
    }

    /// Returns the pointers at which the environment may state it, the strongest first.
    fn here(&self, contract: &Contract, key: &str) -> Vec<String> {
        let Some(environment) = self.environment else { return Vec::new() };
        let namespace = &self.catalog.namespace(contract).name;
        let placement = format!("/environments/{}/namespaces/{}", escape_pointer(environment), escape_pointer(namespace));
        vec![
            format!("{placement}/topics/{}/{key}", escape_pointer(&contract.topic)),
            format!("{placement}/domain/{}/{key}", escape_pointer(contract.domain())),
            format!("{placement}/topic/{key}"),
        ]
    }

    /// Returns the pointers at which the namespace may state it, the strongest first.
    fn of_namespace(contract: &Contract, key: &str) -> Vec<String> {
        let namespace = format!("/namespace/{}", contract.namespace);
        vec![format!("{namespace}/domain/{}/{key}", escape_pointer(contract.domain())), format!("{namespace}/topic/{key}")]
    }
}
