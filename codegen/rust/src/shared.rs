//! What stands once beside all modules: the helpers that they share, and the topics.

use eventc_model::names::idents;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{Emitter, names, text};

/// What all modules share, as it stands in the package.
pub(crate) const SUPPORT: &str = include_str!("../support/support.rs");
pub(crate) const MACROS: &str = include_str!("../support/macros.rs");

/// What a generated module is not asked for.
pub(crate) fn lints() -> TokenStream {
    quote! {
        allow(
            dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals, clippy::all, clippy::pedantic, rustdoc::all,
            reason = "names, texts and sizes are those of the schemas, and no service uses all of them"
        )
    }
}

pub(crate) fn topics(emitter: &Emitter<'_>) -> TokenStream {
    let mut events: Vec<_> = emitter.events().collect();
    events.sort_by_key(|(_, contract, _)| &contract.topic);
    let labels: Vec<&str> = events.iter().map(|(_, contract, _)| contract.topic.as_str()).collect();
    let idents: Vec<Ident> = idents(&labels, constant).iter().map(|ident| names::plain(&ident.to_uppercase())).collect();
    let constants = events.iter().zip(&idents).map(|((_, contract, id), ident)| {
        let ty = emitter.absolute(*id, std::slice::from_ref(&emitter.topics));
        let docs = text::doc(&format!("`{}`", contract.topic));
        quote! {
            #docs
            pub const #ident: &::eventc::Topic = <#ty as ::eventc::Event>::TOPIC;
        }
    });
    quote! {
        //! Every topic as a constant.

        #(#constants)*

        /// Every topic, by name.
        pub static ALL: &[&::eventc::Topic] = &[#(#idents),*];

        /// The topic of that name.
        pub fn find(name: &str) -> Option<&'static ::eventc::Topic> {
            ALL.binary_search_by(|topic| topic.name.cmp(name)).ok().map(|index| ALL[index])
        }
    }
}

/// A topic as the name of a constant.
fn constant(topic: &str) -> String {
    let name = names::constant(topic).to_string();
    if name == "ALL" { "ALL_".into() } else { name }
}
