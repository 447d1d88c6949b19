//! The whole package as modules in modules, for a macro.

use proc_macro2::{LexError, TokenStream};
use quote::quote;

use crate::{Emitter, dispatch, names, shared};

impl Emitter<'_> {
    /// All modules, nested as the package's files are, with what stands at its root. With [`Options::movable`](crate::Options) it
    /// may stand in any module; else at the root of a crate.
    ///
    /// # Errors
    /// Where the compiler does not take the text that all packages share, which is a defect here.
    pub fn nested(&self) -> Result<TokenStream, LexError> {
        let lints = shared::lints();
        let root = self.tree.get(&Vec::new());
        let mut children: Vec<&String> = root.map(|root| root.children.iter().collect()).unwrap_or_default();
        children.sort();
        let modules = children.into_iter().map(|child| {
            let module = self.nested_module(std::slice::from_ref(child));
            quote!(#[#lints] #module)
        });
        let (support, topics) = (names::plain(&self.support), names::plain(&self.topics));
        let helpers = helpers()?;
        let constants = shared::topics(self);
        let (any_event, envelope) = (dispatch::any_event(self, &[]), self.envelope_alias(&[]));
        Ok(quote! {
            #(#modules)*
            #[#lints] mod #support { #helpers }
            #[#lints] pub mod #topics { #constants }
            #[allow(unused_imports, reason = "not every crate needs all of them")]
            pub use self::#support::{MissingFields, Never, UnknownValue};
            #envelope
            #any_event
        })
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

/// What all modules share, with its file of macros in place.
fn helpers() -> Result<TokenStream, LexError> {
    let macros = format!("mod macros {{ {} }}", shared::MACROS);
    shared::SUPPORT.replacen("mod macros;", &macros, 1).parse()
}
