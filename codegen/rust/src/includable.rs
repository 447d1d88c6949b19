//! The package's root as a file for `include!`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{File, Item};

use crate::shared;

/// The root of a generated package (the text of its `src/lib.rs`), changed so that `include!` takes it: the attributes of the file
/// move to its items. The file that is made stands beside the other, where its modules are.
///
/// ```
/// let root = "//! Events.\n#![allow(clippy::all)]\npub mod shop;\npub use self::shop::Order;\n";
/// let text = eventc_rust::includable(root).unwrap();
/// assert!(text.contains("pub mod shop;"));
/// assert!(!text.contains("#!["));
/// ```
///
/// # Errors
/// Where the text is no Rust file.
pub fn includable(root: &str) -> syn::Result<String> {
    let File { items, .. } = syn::parse_file(root)?;
    let lints = shared::lints();
    let items = items.into_iter().map(|item| match item {
        Item::Use(item) => quote!(#[allow(unused_imports, reason = "not every crate needs all of them")] #item),
        // The compiler takes no lint level for a macro call, and what the call makes speaks of items that have theirs.
        Item::Macro(call) => quote!(#call),
        item => {
            let item = item.into_token_stream();
            quote!(#[#lints] #item)
        }
    });
    let items: TokenStream = items.collect();
    Ok(crate::print::print(items))
}
