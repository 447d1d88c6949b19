//! `derive(Event)`: [`ast`] takes the item apart with the words of [`attr`], [`contract`] finds its place, [`valid`] compares the two,
//! and [`expand`] writes the implementations; where anything is wrong, [`fallback`] writes them without meaning, so that one mistake
//! gives one message.

mod ast;
mod attr;
mod case;
mod contract;
mod errors;
mod expand;
mod fallback;
mod rust_type;
mod shape;
#[cfg(test)]
mod tests;
mod valid;
mod words;

use proc_macro2::TokenStream;
use syn::DeriveInput;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    try_expand(&input).unwrap_or_else(|error| fallback::expand(&input, &error))
}

fn try_expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let item = ast::DeriveItem::read(input)?;
    let place = contract::NamedPlace::find(&item)?;
    let checks = valid::check(&item, &place)?;
    Ok(expand::expand(&item, &place, &checks))
}
