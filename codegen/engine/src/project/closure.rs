//! What some files need of others, as far as references go.

use std::collections::{BTreeSet, HashMap};

use eventc_model::{
    catalog::Catalog,
    schema::{FileId, Reference},
    types::{ModuleId, Types},
};

/// The modules of some files and of everything that these refer to, in path order.
pub(super) fn modules(catalog: &Catalog, types: &Types, files: impl Iterator<Item = FileId>) -> Vec<ModuleId> {
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

/// The files that each file refers to: by any reference in its schemas, and by any part of its types.
fn needs(catalog: &Catalog, types: &Types) -> HashMap<FileId, BTreeSet<FileId>> {
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
