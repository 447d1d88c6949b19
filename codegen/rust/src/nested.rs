//! The whole package as modules in modules, for a macro.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{Emitter, dispatch, names, shared};

impl Emitter<'_> {
    /// Returns all modules, nested as the package's files are, with what stands at its root. With
    /// [`RustOptions::movable`](crate::RustOptions) it may stand in any module; else at the root of a crate.
    pub fn nested(&self) -> TokenStream {
        let lints = shared::lints();
        let root = self.tree.get(&Vec::new());
        let mut children: Vec<&String> = root.map(|root| root.children.iter().collect()).unwrap_or_default();
        children.sort();
        let modules = children.into_iter().map(|child| {
            let module = self.nested_module(std::slice::from_ref(child));
            quote!(#[#lints] #module)
        });
        let topics = names::plain(names::TOPICS);
        let constants = shared::topics(self);
        let (any_event, envelope) = (dispatch::any_event(self, &[], &quote!(#[#lints])), self.envelope_alias(&[]));
        quote! {
            #(#modules)*
            #[#lints] pub mod #topics { #constants }
            #envelope
            #any_event
        }
    }

    fn nested_module(&self, path: &[String]) -> TokenStream {
        let (docs, own) = (self.file_docs(path), self.own_items(path));
        let mut children: Vec<&String> = self.tree.get(path).map(|branch| branch.children.iter().collect()).unwrap_or_default();
        children.sort();
        let below = children.into_iter().map(|child| self.nested_module(&[path, std::slice::from_ref(child)].concat()));
        let name = path.last().map(|name| names::plain(name));
        quote!(pub mod #name { #docs #(#below)* #own })
    }
}
