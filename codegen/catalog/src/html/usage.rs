//! Usage of an event in code: a snippet for each language that is generated.

use eventc_emit::{Input, Snippets};
use eventc_model::catalog::{Contract, ContractKind};
use minijinja::{Value, context};

use super::elements;
use crate::fields::md;

/// The snippets of every output that is code.
pub(super) struct Usage<'a> {
    languages: Vec<Snippets<'a>>,
}

impl<'a> Usage<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        Self { languages: input.outputs.iter().filter_map(|output| output.snippets(input)).collect() }
    }

    /// Returns the snippets of an event: the language's name, and the code.
    pub(super) fn of(&self, contract: &Contract) -> Vec<Value> {
        if contract.kind != ContractKind::Event {
            return Vec::new();
        }
        let snippets = self.languages.iter().filter_map(|snippets| Some((snippets.language, (snippets.of)(contract)?)));
        snippets.map(|(name, code)| context! { name => name, code => md(elements::block(&code)) }).collect()
    }
}
