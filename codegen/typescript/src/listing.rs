//! The events that the files of the whole package list, each topic once.

use std::collections::{HashMap, HashSet};

use eventc_emit::Input;
use eventc_model::{
    catalog::Contract,
    names,
    schema::FileId,
    types::{ModuleId, TypeId},
};

/// The events that the files of the whole package list.
pub(super) struct EventListing<'a> {
    pub(super) entries: Vec<RegistryEntry<'a>>,
    /// Events whose topic another has taken.
    pub(super) shadowed: Vec<&'a Contract>,
    by_file: HashMap<FileId, usize>,
}

/// An event and where its type is.
pub(super) struct RegistryEntry<'a> {
    pub(super) contract: &'a Contract,
    pub(super) module: ModuleId,
    pub(super) root: TypeId,
    /// The constant with what is declared of its topic.
    pub(super) constant: String,
}

impl<'a> EventListing<'a> {
    /// Lists the selected events.
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let (mut found, mut shadowed, mut topics) = (Vec::new(), Vec::new(), HashSet::new());
        for contract in input.events() {
            let Some(module) = input.types.module_of(contract.file) else { continue };
            let Some(root) = input.types.module(module).root else { continue };
            if topics.insert(&contract.topic) {
                found.push((contract, module, root));
            } else {
                shadowed.push(contract);
            }
        }
        let names: Vec<&str> = found.iter().map(|(contract, ..)| contract.topic.as_str()).collect();
        let constants = names::idents(&names, constant_case);
        let by_file = found.iter().enumerate().map(|(index, (contract, ..))| (contract.file, index)).collect();
        let entry = |((contract, module, root), constant)| RegistryEntry { contract, module, root, constant };
        Self { entries: found.into_iter().zip(constants).map(entry).collect(), shadowed, by_file }
    }

    /// Returns the constant with what is declared of an event's topic; nothing for one that is not listed.
    pub(super) fn constant(&self, contract: &Contract) -> Option<&str> {
        self.by_file.get(&contract.file).map(|index| self.entries[*index].constant.as_str())
    }
}

fn constant_case(text: &str) -> String {
    let name = names::snake(text).to_uppercase();
    if name == "TOPICS" { "TOPICS_".to_owned() } else { name }
}
