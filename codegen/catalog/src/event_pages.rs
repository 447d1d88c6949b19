//! The pages of all contracts, each made only where no earlier run has made the same.

use std::{collections::HashMap, sync::OnceLock};

use eventc_emit::{
    footprint::Facts,
    parts::{MadeModule, Modular},
};
use eventc_model::{
    metadata::Sensitivity,
    types::{ModuleId, TypeId},
};
use serde::{Deserialize, Serialize};

use super::{
    event::{self, FieldFacts},
    listing,
    site::Site,
};

/// The pages of all contracts.
pub(super) struct EventPages<'a> {
    site: &'a Site<'a>,
    /// The modules of the contracts, in the order of the site.
    modules: Vec<ModuleId>,
    /// The places of the contracts in the site, by module.
    by_module: HashMap<ModuleId, usize>,
    /// Types by the paths of their modules and their names, once somebody asks.
    types: OnceLock<HashMap<(&'a [String], &'a str), TypeId>>,
}

/// [`FieldFacts`] but for the line, in words that hold in the next run too.
#[derive(Default, Serialize, Deserialize)]
struct SaidFacts {
    /// The words for classes, with paths.
    sensitive: Vec<(String, String)>,
    /// Types, by the paths of their modules and their names.
    shared: Vec<(Vec<String>, String)>,
}

impl<'a> EventPages<'a> {
    /// Takes the selected contracts, each of which has a module.
    pub(super) fn of(site: &'a Site<'a>) -> Self {
        let module = |entry: &super::site::ContractEntry<'_>| site.input.types.module_of(entry.contract.file);
        let modules: Vec<ModuleId> = site.contracts.iter().filter_map(module).collect();
        let by_module = modules.iter().enumerate().map(|(index, module)| (*module, index)).collect();
        Self { site, modules, by_module, types: OnceLock::new() }
    }

    /// Returns the modules of the contracts, in the order of the site.
    pub(super) fn modules(&self) -> &[ModuleId] {
        &self.modules
    }

    /// Returns what other pages show of a contract, given what was said of it.
    pub(super) fn facts(&self, said: &str) -> FieldFacts {
        let (facts, line) = said.split_once('\n').unwrap_or((said, ""));
        let facts: SaidFacts = serde_json::from_str(facts).unwrap_or_default();
        let class = |(class, path): (String, String)| Some((Sensitivity::of(&class)?, path));
        let id = |(module, name): &(Vec<String>, String)| self.types().get(&(module.as_slice(), name.as_str())).copied();
        FieldFacts {
            sensitive: facts.sensitive.into_iter().filter_map(class).collect(),
            shared: facts.shared.iter().filter_map(id).collect(),
            line: line.to_owned(),
        }
    }

    fn said(&self, facts: FieldFacts) -> String {
        let types = self.site.input.types;
        let name = |id: &TypeId| {
            let ty = types.get(*id);
            (types.module(ty.module).path.clone(), ty.name.clone())
        };
        let said = SaidFacts {
            sensitive: facts.sensitive.into_iter().map(|(class, path)| (class.as_str().to_owned(), path)).collect(),
            shared: facts.shared.iter().map(name).collect(),
        };
        format!("{}\n{}", serde_json::json!(said), facts.line)
    }

    fn types(&self) -> &HashMap<(&'a [String], &'a str), TypeId> {
        self.types.get_or_init(|| {
            let types = self.site.input.types;
            types.iter().map(|(id, ty)| ((types.module(ty.module).path.as_slice(), ty.name.as_str()), id)).collect()
        })
    }
}

impl Modular for EventPages<'_> {
    fn reads(&self, module: ModuleId, facts: &mut Facts) {
        let Site { input, homes, sensitive, .. } = self.site;
        let types = &input.types.module(module).types;
        for id in types {
            facts.flag(homes.unfolds(*id));
            facts.optional(homes.place(*id));
            facts.value(&sensitive.of_type(*id).collect::<Vec<_>>());
        }
        facts.value(&homes.asked(types).map(|id| &input.types.get(id).name).collect::<Vec<_>>());
    }

    fn reads_for_own(&self, module: ModuleId, facts: &mut Facts) {
        let (site, index) = (self.site, self.by_module[&module]);
        let entry = &site.contracts[index];
        facts.text(&entry.page);
        facts.value(&event::heading(site, entry));
        facts.value(&event::traffic(site, entry));
        facts.value(&event::releases(site, entry));
        facts.value(&entry.findings.iter().map(|finding| event::finding_row(site, finding)).collect::<Vec<_>>());
        facts.text(&listing::summary(site, index));
    }

    fn make(&self, module: ModuleId) -> MadeModule {
        let (page, facts) = event::page(self.site, self.by_module[&module]);
        MadeModule { files: vec![page], said: self.said(facts), ..MadeModule::default() }
    }
}
