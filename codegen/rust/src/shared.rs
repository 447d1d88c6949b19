//! The items that stand once beside all modules: the topics, and the lints.

use eventc_model::{names::idents, words};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{Emitter, names, text};

/// Returns the lints that generated code is not asked for, wherever it stands: its names, texts and sizes are those of the schemas, and it
/// has to name what nobody else should use any longer.
pub(crate) fn common_lints() -> TokenStream {
    quote! {
        deprecated,
        non_camel_case_types, non_snake_case, non_upper_case_globals,
        clippy::disallowed_names, clippy::enum_variant_names, clippy::just_underscores_and_digits, clippy::module_inception,
        clippy::should_implement_trait, clippy::wrong_self_convention,
        clippy::large_enum_variant, clippy::type_complexity,
        clippy::doc_lazy_continuation, clippy::doc_nested_refdefs, clippy::doc_overindented_list_items, clippy::empty_docs,
        rustdoc::all
    }
}

/// Returns the lints that a module allows which stands in another crate, whose services do not use all of it.
pub(crate) fn lints() -> TokenStream {
    let common = common_lints();
    quote! {
        allow(
            dead_code, clippy::pedantic, #common,
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
        let ty = emitter.absolute(*id, &[names::TOPICS.to_owned()]);
        let docs = text::doc(&format!("`{}`", contract.topic));
        let deprecated = words::deprecation(emitter.catalog, emitter.types, *id).map(|note| text::deprecated(&note));
        quote! {
            #docs
            #deprecated
            pub const #ident: &Topic = #ty::TOPIC;
        }
    });
    let event = (!events.is_empty()).then(|| quote!(Event as _,));
    quote! {
        //! Every topic as a constant.

        use ::eventc::{#event Topic};

        #(#constants)*

        /// Every topic, by name.
        pub static ALL: &[&Topic] = &[#(#idents),*];

        /// Returns the topic of that name.
        pub fn find(name: &str) -> Option<&'static Topic> {
            ALL.binary_search_by(|topic| topic.name.cmp(name)).ok().map(|index| ALL[index])
        }
    }
}

/// Returns a topic as the name of a constant.
fn constant(topic: &str) -> String {
    let name = names::constant(topic).to_string();
    if name == "ALL" { "ALL_".into() } else { name }
}
