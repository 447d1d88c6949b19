//! The package's root as a file for `include!`.

use quote::quote;
use syn::{File, Item, Visibility};

use crate::shared;

/// Returns the root of a generated package (the text of its `src/lib.rs`), changed so that `include!` takes it: the
/// attributes of the file move to its items, and the runtime is not exported again. The file that is made stands beside the
/// other, where its modules are.
///
/// ```
/// let root = "//! Events.\n#![allow(non_snake_case)]\npub mod shop;\npub use ::eventc;\n";
/// let text = eventc_rust::includable(root).unwrap();
/// assert!(text.contains("pub mod shop;"));
/// assert!(!text.contains("#![") && !text.contains("pub use"));
/// ```
///
/// # Errors
/// Where the text is no Rust file.
pub fn includable(root: &str) -> syn::Result<String> {
    let File { items, .. } = syn::parse_file(root)?;
    // The other crate depends on the runtime itself.
    let exported = |item: &Item| matches!(item, Item::Use(item) if matches!(item.vis, Visibility::Public(_)));
    let lints = shared::lints();
    let items = items.into_iter().filter(|item| !exported(item)).map(|item| quote!(#[#lints] #item));
    Ok(crate::print::print(items.collect()))
}
