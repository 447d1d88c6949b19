//! Some events of a tree with everything that they need: what else their files refer to, and what they travel in.

use std::collections::{BTreeSet, HashMap};

use crate::{
    catalog::{Catalog, Contract, ContractKind},
    schema::{FileId, Reference},
    topic::glob,
    types::{ModuleId, Types},
};

/// Returns the modules of the events that are wanted, and of everything that these need, in path order: the files that they refer to, and
/// the envelopes and dead-letter records of their namespaces.
///
/// ```
/// use eventc_model::{catalog::Catalog, config::Config, select, source::{Limits, Tree}, types::Types};
///
/// let texts = [("a.json", r#"{"$ref": "_b.json"}"#), ("_b.json", r#"{"type": "object"}"#), ("c.json", r#"{"type": "object"}"#)];
/// let catalog = Catalog::build(Tree::from_texts(texts, &Limits::default()), Config::without_conventions());
/// let types = Types::derive(&catalog);
/// let modules = select::events(&catalog, &types, |event| event.topic == "a");
/// assert_eq!(modules.len(), 2);
/// ```
pub fn events(catalog: &Catalog, types: &Types, wanted: impl Fn(&Contract) -> bool) -> Vec<ModuleId> {
    let selected: Vec<&Contract> = catalog.events().filter(|contract| wanted(contract)).collect();
    // An event is of little use without the wrapper that it travels in, and the record of its failure.
    let shared = catalog
        .contracts
        .iter()
        .filter(|contract| contract.kind != ContractKind::Event && selected.iter().any(|event| event.namespace == contract.namespace));
    modules(catalog, types, selected.iter().copied().chain(shared).map(|contract| contract.file))
}

/// Returns the modules of the events whose topics fit one of some globs, as [`events`] has them; without a glob all modules.
///
/// # Errors
/// The first glob that no topic fits, and what to do, as a sentence without a full stop.
pub fn topics(catalog: &Catalog, types: &Types, globs: &[String]) -> Result<Vec<ModuleId>, String> {
    if globs.is_empty() {
        // A version that a newer one supersedes is made only where something refers to it.
        let files = types.modules().map(|(_, module)| module.file).filter(|file| !catalog.is_superseded(*file));
        return Ok(modules(catalog, types, files));
    }
    if let Some(unfit) = globs.iter().find(|wanted| !catalog.events().any(|contract| glob(wanted, &contract.topic))) {
        let near = catalog.nearest_topic(unfit).map(|topic| format!("; did you mean {topic:?}?"));
        let help = near.unwrap_or_else(|| "; `eventc list` shows all topics".into());
        return Err(format!("no topic fits {unfit:?}{help}"));
    }
    Ok(events(catalog, types, |contract| globs.iter().any(|wanted| glob(wanted, &contract.topic))))
}

/// Returns the modules of some files and of everything that these refer to, in path order.
pub fn modules(catalog: &Catalog, types: &Types, files: impl Iterator<Item = FileId>) -> Vec<ModuleId> {
    let needs = needs(catalog, types);
    let mut open: Vec<FileId> = files.collect();
    let mut closed: BTreeSet<FileId> = open.iter().copied().collect();
    while let Some(file) = open.pop() {
        for next in needs.get(&file).into_iter().flatten() {
            if closed.insert(*next) {
                open.push(*next);
            }
        }
    }
    let mut modules: Vec<_> = closed.into_iter().filter_map(|file| types.module_of(file)).collect();
    modules.sort_unstable();
    modules
}

/// Returns the files that each file refers to: by any reference in its schemas, and by any part of its types.
pub fn needs(catalog: &Catalog, types: &Types) -> HashMap<FileId, BTreeSet<FileId>> {
    let schemas = &catalog.schemas;
    let mut needs: HashMap<FileId, BTreeSet<FileId>> = HashMap::new();
    let mut need = |from: FileId, to: FileId| {
        if from != to {
            needs.entry(from).or_default().insert(to);
        }
    };
    for id in schemas.ids() {
        let Some(keywords) = schemas.keywords(id) else { continue };
        for reference in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten() {
            if let Reference::To(target) | Reference::Dynamic(target, _) = reference {
                need(schemas.node(id).file, schemas.node(*target).file);
            }
        }
    }
    for (_, ty) in types.iter() {
        let from = types.module(ty.module).file;
        for part in ty.shape.parts() {
            part.named(&mut |named| need(from, types.module(types.get(named).module).file));
        }
    }
    needs
}
