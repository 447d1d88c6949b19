//! The package's root as a file for `include!`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{AttrStyle, Attribute, File, Item};

/// The root of a generated package (the text of its `src/lib.rs`), changed so that `include!` takes it: the attributes of the file
/// move to each of its modules, and each module says where its file is. `sources` is the folder of the package's sources as seen
/// from the file that is made, with `/` between its parts.
///
/// ```
/// let root = "//! Events.\n#![allow(clippy::all)]\npub mod shop;\npub use self::shop::Order;\n";
/// let text = eventc_rust::includable(root, "eventc/rust/src").unwrap();
/// assert!(text.contains("#[path = \"eventc/rust/src/shop.rs\"]"));
/// assert!(!text.contains("#!["));
/// ```
///
/// # Errors
/// Where the text is no Rust file.
pub fn includable(root: &str, sources: &str) -> syn::Result<String> {
    let File { attrs, items, .. } = syn::parse_file(root)?;
    let lints: Vec<Attribute> = attrs.iter().filter(|attribute| attribute.path().is_ident("allow")).map(outward).collect();
    let items = items.into_iter().map(|item| match item {
        Item::Mod(module) if module.content.is_none() => {
            let path = format!("{sources}/{}.rs", module.ident);
            quote!(#[path = #path] #(#lints)* #module)
        }
        Item::Use(item) => item.into_token_stream(),
        item => quote!(#(#lints)* #item),
    });
    let items: TokenStream = items.collect();
    Ok(crate::print::print(items))
}

/// The attribute, to stand before an item instead of in a file.
fn outward(attribute: &Attribute) -> Attribute {
    Attribute { style: AttrStyle::Outer, ..attribute.clone() }
}
