//! Dispatch by topic: an `AnyEvent` for each domain, over those one for each namespace, over those one for all.
//!
//! The enums stand in the generated modules; what they can do is the runtime's `Dispatch`.

use std::collections::{BTreeMap, HashSet};

use eventc_model::{
    catalog::{Contract, ContractKind},
    names::{idents, upper_camel},
    types::TypeId,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{Emitter, names, text::doc};

/// The content of one `AnyEvent`.
#[derive(Debug, Default)]
pub(crate) struct DispatchNode {
    /// Events, by topic.
    events: Vec<(usize, TypeId)>,
    /// Modules below it that have an `AnyEvent` of their own, by name.
    children: Vec<String>,
}

/// Returns every `AnyEvent`, by the path of its module.
pub(crate) fn plan(emitter: &Emitter<'_>) -> BTreeMap<Vec<String>, DispatchNode> {
    let mut nodes: BTreeMap<Vec<String>, DispatchNode> = BTreeMap::new();
    // Two contracts with one topic are a finding; the first is what the topic means.
    let mut seen = HashSet::new();
    for (index, contract, root) in emitter.events().filter(|(_, contract, _)| seen.insert(&contract.topic)) {
        let path = emitter.path(emitter.types.get(root).module);
        let named = usize::from(!emitter.catalog.namespace(contract).name.is_empty());
        let domain = &path[..path.len().min(named + 1)];
        nodes.entry(domain.to_vec()).or_default().events.push((index, root));
        for length in 0..domain.len() {
            let children = &mut nodes.entry(domain[..length].to_vec()).or_default().children;
            if !children.contains(&domain[length]) {
                children.push(domain[length].clone());
            }
        }
    }
    for node in nodes.values_mut() {
        node.events.sort_by_key(|(index, _)| &emitter.catalog.contracts[*index].topic);
        node.children.sort();
    }
    nodes
}

/// Returns the `AnyEvent` of a module; nothing where the module has none.
pub(crate) fn any_event(emitter: &Emitter<'_>, path: &[String], attribute: &TokenStream) -> TokenStream {
    let Some(node) = emitter.dispatch.get(path) else { return TokenStream::new() };
    let any_event = AnyEvent::new(emitter, node, path, attribute);
    let parts = [any_event.definition(path), any_event.dispatch(), any_event.conversions()];
    quote!(#(#parts)*)
}

/// An `AnyEvent` in the words of its code.
struct AnyEvent<'a> {
    attribute: &'a TokenStream,
    node: &'a DispatchNode,
    /// The topics of the events, and their variants and types.
    topics: Vec<&'a str>,
    events: Vec<Ident>,
    types: Vec<TokenStream>,
    /// The variants for modules below it, and the modules.
    children: Vec<Ident>,
    modules: Vec<Ident>,
}

impl<'a> AnyEvent<'a> {
    fn new(emitter: &Emitter<'a>, node: &'a DispatchNode, path: &[String], attribute: &'a TokenStream) -> Self {
        let contracts: Vec<&Contract> = node.events.iter().map(|(index, _)| &emitter.catalog.contracts[*index]).collect();
        let labels: Vec<String> = contracts.iter().map(|contract| label(contract)).chain(node.children.iter().cloned()).collect();
        let mut events: Vec<Ident> = idents(&labels, upper_camel).iter().map(|ident| names::variant(ident)).collect();
        let children = events.split_off(contracts.len());
        Self {
            attribute,
            node,
            topics: contracts.iter().map(|contract| contract.topic.as_str()).collect(),
            events,
            types: node.events.iter().map(|(_, id)| emitter.below(*id, path)).collect(),
            children,
            modules: node.children.iter().map(|child| names::plain(child)).collect(),
        }
    }

    fn definition(&self, path: &[String]) -> TokenStream {
        let Self { attribute, node, topics, events, types, children, modules } = self;
        let event_docs = topics.iter().map(|topic| doc(&format!("`{topic}`")));
        let child_docs = node.children.iter().map(|child| doc(&format!("An event of `{child}`.")));
        let about = if path.is_empty() { "Any event.".to_owned() } else { format!("Any event of `{}`.", path.join(".")) };
        let about = doc(&about);
        quote! {
            #about
            #attribute
            #[derive(Clone, Debug, PartialEq)]
            pub enum AnyEvent {
                #(#event_docs #events(Box<#types>),)*
                #(#child_docs #children(#modules::AnyEvent),)*
            }
        }
    }

    /// Returns the implementation of the runtime's `Dispatch`.
    fn dispatch(&self) -> TokenStream {
        let Self { attribute, topics, events, types, children, modules, .. } = self;
        let own = (!topics.is_empty()).then(|| quote!(Self::TOPICS.binary_search(&topic).is_ok() ||));
        let knows = (!modules.is_empty()).then(|| {
            quote! {
                fn knows(topic: &str) -> bool {
                    #own #(#modules::AnyEvent::knows(topic))||*
                }
            }
        });
        quote! {
            #attribute
            impl ::eventc::Dispatch for AnyEvent {
                const TOPICS: &'static [&'static str] = &[#(#topics),*];

                #knows

                #[inline]
                fn read(topic: &str, document: ::eventc::EventBytes<'_>) -> Result<Self, ::eventc::DecodeError> {
                    match topic {
                        #(#topics => document.read(Self::#events),)*
                        #(_ if #modules::AnyEvent::knows(topic) => #modules::AnyEvent::read(topic, document).map(Self::#children),)*
                        _ => Err(::eventc::DecodeError::unknown_topic(topic)),
                    }
                }

                fn contract(topic: &str) -> Option<::eventc::Contract> {
                    match topic {
                        #(#topics => Some(::eventc::Contract::of::<#types>()),)*
                        #(_ if #modules::AnyEvent::knows(topic) => #modules::AnyEvent::contract(topic),)*
                        _ => None,
                    }
                }

                #[inline]
                fn event(&self) -> &dyn ::eventc::Encoded {
                    match self {
                        #(Self::#events(event) => &**event,)*
                        #(Self::#children(event) => event.event(),)*
                    }
                }
            }
        }
    }

    fn conversions(&self) -> TokenStream {
        let Self { attribute, events, types, children, modules, .. } = self;
        quote! {
            #(#attribute impl From<#types> for AnyEvent {
                fn from(event: #types) -> Self {
                    Self::#events(Box::new(event))
                }
            })*

            #(#attribute impl From<#modules::AnyEvent> for AnyEvent {
                fn from(event: #modules::AnyEvent) -> Self {
                    Self::#children(event)
                }
            })*
        }
    }
}

fn label(contract: &Contract) -> String {
    format!("{} v{}", contract.path.join(" "), contract.major)
}

impl<'a> Emitter<'a> {
    /// Returns every selected event with its root type, in catalog order.
    pub(crate) fn events(&self) -> impl Iterator<Item = (usize, &'a Contract, TypeId)> {
        let catalog = self.catalog;
        catalog.contracts.iter().enumerate().filter(|(_, contract)| contract.kind == ContractKind::Event).filter_map(|(index, contract)| {
            let module = self.types.module_of(contract.file).filter(|module| self.selects(*module))?;
            Some((index, contract, self.types.module(module).root?))
        })
    }
}
