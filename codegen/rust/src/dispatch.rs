//! Dispatch by topic: an `AnyEvent` for each domain, over those one for each namespace, over those one for all.
//!
//! What decodes and encodes is marked `#[inline]`: the code for all events is made where it is used, and not in every build of the package.

use std::collections::BTreeMap;

use eventc_model::{
    catalog::{Contract, ContractKind},
    names::{idents, upper_camel},
    types::TypeId,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{Emitter, names, text::doc};

/// What one `AnyEvent` holds.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// Events, by topic.
    events: Vec<(usize, TypeId)>,
    /// Modules below it that have an `AnyEvent` of their own, by name.
    children: Vec<String>,
}

/// Every `AnyEvent`, by the path of its module.
pub(crate) fn plan(emitter: &Emitter<'_>) -> BTreeMap<Vec<String>, Node> {
    let mut nodes: BTreeMap<Vec<String>, Node> = BTreeMap::new();
    for (index, contract, root) in emitter.events() {
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

/// The `AnyEvent` of a module; nothing where the module has none.
pub(crate) fn any_event(emitter: &Emitter<'_>, path: &[String]) -> TokenStream {
    let Some(node) = emitter.dispatch.get(path) else { return TokenStream::new() };
    let contracts: Vec<&Contract> = node.events.iter().map(|(index, _)| &emitter.catalog.contracts[*index]).collect();
    let labels: Vec<String> = contracts.iter().map(|contract| label(contract)).chain(node.children.iter().cloned()).collect();
    let idents: Vec<Ident> = idents(&labels, upper_camel).iter().map(|ident| names::variant(ident)).collect();
    let (events, children) = idents.split_at(contracts.len());
    let types: Vec<TokenStream> = node.events.iter().map(|(_, id)| emitter.absolute(*id, path)).collect();
    let modules: Vec<Ident> = node.children.iter().map(|child| names::plain(child)).collect();
    let topics: Vec<&str> = contracts.iter().map(|contract| contract.topic.as_str()).collect();
    let event_docs = topics.iter().map(|topic| doc(&format!("`{topic}`")));
    let child_docs = node.children.iter().map(|child| doc(&format!("An event of `{child}`.")));
    let about = if path.is_empty() { "Any event.".to_owned() } else { format!("Any event of `{}`.", path.join(".")) };
    let about = doc(&about);
    let (table, find) = table(&topics);
    let decode =
        arms(&types, events, |ty, variant| quote!(<#ty as ::eventc::Event>::decode(bytes).map(|event| Self::#variant(Box::new(event)))));
    let open = arms(&types, events, |ty, variant| {
        quote! {
            <#ty as ::eventc::Event>::decode_event(bytes)
                .map(|envelope| Self::#variant(Box::new(::eventc::Envelope::into_payload(envelope))))
        }
    });
    let schema = arms(&types, events, |ty, _| quote!(Some(<#ty as ::eventc::Validate>::schema())));
    let envelope = arms(&types, events, |ty, _| quote!(Some(::eventc::validate_event::<#ty>(value))));
    let unknown = quote!(Err(::eventc::DecodeError::UnknownTopic { topic: topic.to_owned() }));
    let find_of = |arms: TokenStream| {
        if events.is_empty() { quote!() } else { quote!(if let Some(index) = Self::index(topic) { return match index { #arms }; }) }
    };
    let (decode, open, schema, envelope) = (find_of(decode), find_of(open), find_of(schema), find_of(envelope));
    let own = (!events.is_empty()).then(|| quote!(Self::index(topic).is_some()));
    let known = own.into_iter().chain(modules.iter().map(|module| quote!(#module::AnyEvent::knows(topic))));
    quote! {
        #about
        #[derive(Clone, Debug, PartialEq)]
        pub enum AnyEvent {
            #(#event_docs #events(Box<#types>),)*
            #(#child_docs #children(#modules::AnyEvent),)*
        }

        impl AnyEvent {
            #table

            /// Whether a topic is one of these.
            pub fn knows(topic: &str) -> bool {
                #(#known)||*
            }

            #find

            /// Decodes the payload of a topic's event.
            ///
            /// # Errors
            /// The topic is unknown, or the bytes are no such payload.
            #[inline]
            pub fn decode(topic: &str, bytes: &[u8]) -> Result<Self, ::eventc::DecodeError> {
                #decode
                #(if #modules::AnyEvent::knows(topic) { return #modules::AnyEvent::decode(topic, bytes).map(Self::#children); })*
                #unknown
            }

            /// Decodes a topic's event as it travels, and takes it out of its envelope.
            ///
            /// # Errors
            /// The topic is unknown, or the bytes are no such event.
            #[inline]
            pub fn decode_event(topic: &str, bytes: &[u8]) -> Result<Self, ::eventc::DecodeError> {
                #open
                #(if #modules::AnyEvent::knows(topic) { return #modules::AnyEvent::decode_event(topic, bytes).map(Self::#children); })*
                #unknown
            }

            /// The validation schema of a topic's payload; `None` for an unknown topic.
            pub fn schema(topic: &str) -> Option<&'static ::eventc::Schema> {
                #schema
                #(if #modules::AnyEvent::knows(topic) { return #modules::AnyEvent::schema(topic); })*
                None
            }

            /// Validates the payload of a topic's event; `None` for an unknown topic.
            pub fn validate(topic: &str, value: &::serde_json::Value) -> Option<Result<(), ::eventc::ValidationErrors>> {
                Self::schema(topic).map(|schema| schema.validate(value))
            }

            /// Validates a topic's event as it travels, in its envelope; `None` for an unknown topic.
            #[inline]
            pub fn validate_event(topic: &str, value: &::serde_json::Value) -> Option<Result<(), ::eventc::ValidationErrors>> {
                #envelope
                #(if #modules::AnyEvent::knows(topic) { return #modules::AnyEvent::validate_event(topic, value); })*
                None
            }

            /// Encodes the payload.
            ///
            /// # Errors
            /// The payload cannot be written as JSON.
            #[inline]
            pub fn encode(&self) -> Result<Vec<u8>, ::eventc::EncodeError> {
                match self {
                    #(Self::#events(event) => ::eventc::Event::encode(&**event),)*
                    #(Self::#children(event) => event.encode(),)*
                }
            }

            /// The topic that the event travels on.
            pub fn topic(&self) -> &'static ::eventc::Topic {
                match self {
                    #(Self::#events(_) => <#types as ::eventc::Event>::TOPIC,)*
                    #(Self::#children(event) => event.topic(),)*
                }
            }
        }

        #(
            impl From<#types> for AnyEvent {
                fn from(event: #types) -> Self {
                    Self::#events(Box::new(event))
                }
            }
        )*
        #(
            impl From<#modules::AnyEvent> for AnyEvent {
                fn from(event: #modules::AnyEvent) -> Self {
                    Self::#children(event)
                }
            }
        )*
    }
}

/// The constant of topics and the search in it, for a node with events.
fn table(topics: &[&str]) -> (TokenStream, TokenStream) {
    if topics.is_empty() {
        return (TokenStream::new(), TokenStream::new());
    }
    let table = quote! {
        /// The topics of these events, sorted.
        pub const TOPICS: &'static [&'static str] = &[#(#topics),*];
    };
    let find = quote! {
        fn index(topic: &str) -> Option<usize> {
            Self::TOPICS.binary_search(&topic).ok()
        }
    };
    (table, find)
}

/// Match arms by position; the last stands for every other position, of which there is none.
fn arms(types: &[TokenStream], variants: &[Ident], arm: impl Fn(&TokenStream, &Ident) -> TokenStream) -> TokenStream {
    let arms = types.iter().zip(variants).enumerate().map(|(index, (ty, variant))| {
        let body = arm(ty, variant);
        if index + 1 == types.len() {
            quote!(_ => #body,)
        } else {
            let index = proc_macro2::Literal::usize_unsuffixed(index);
            quote!(#index => #body,)
        }
    });
    quote!(#(#arms)*)
}

fn label(contract: &Contract) -> String {
    format!("{} v{}", contract.path.join(" "), contract.major)
}

impl<'a> Emitter<'a> {
    /// Every selected event with its root type, in catalog order.
    pub(crate) fn events(&self) -> impl Iterator<Item = (usize, &'a Contract, TypeId)> {
        let catalog = self.catalog;
        catalog.contracts.iter().enumerate().filter(|(_, contract)| contract.kind == ContractKind::Event).filter_map(|(index, contract)| {
            let module = self.types.module_of(contract.file).filter(|module| self.selects(*module))?;
            Some((index, contract, self.types.module(module).root?))
        })
    }
}
