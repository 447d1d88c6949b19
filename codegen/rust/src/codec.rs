//! The code that reads and writes the types of a module, in a module of its own below them.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{module::ModuleWriter, names};

/// A type that is read and written.
pub(crate) struct CodecType<'a> {
    pub(crate) name: &'a Ident,
    /// Whether it holds a payload of any type.
    pub(crate) generic: bool,
}

impl CodecType<'_> {
    /// Returns the parameter with what is asked of it, and the type with its parameter, as the codec's module names it.
    pub(crate) fn bounded(&self, bound: &TokenStream) -> (TokenStream, TokenStream) {
        let name = self.name;
        if self.generic { (quote!(<P: #bound>), quote!(super::#name<P>)) } else { (quote!(), quote!(super::#name)) }
    }

    /// Implements serde's traits and the runtime's `Codec`: `write` serializes with `serializer`, `read` reads from `deserializer` in a
    /// `mode`.
    pub(crate) fn implement(&self, write: &TokenStream, read: &TokenStream) -> TokenStream {
        let (written, ty) = self.bounded(&quote!(Serialize));
        let (bounded, _) = self.bounded(&quote!(Codec));
        let deserialized = if self.generic { quote!(<'de, P: Codec>) } else { quote!(<'de>) };
        quote! {
            impl #written Serialize for #ty {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    #write
                }
            }

            impl #deserialized Deserialize<'de> for #ty {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    codec::tolerant(deserializer)
                }
            }

            impl #bounded Codec for #ty {
                fn read<'de, D: Deserializer<'de>>(input: D, mode: Mode) -> Result<Self, D::Error> {
                    #read
                }
            }
        }
    }
}

impl ModuleWriter<'_> {
    /// Returns the module with what reads and writes the types; nothing where there is none.
    pub(crate) fn codec_module(&self, implementations: &[TokenStream]) -> TokenStream {
        if implementations.iter().all(TokenStream::is_empty) {
            return TokenStream::new();
        }
        let name = names::plain(&names::free("codec", |name| self.has_child(name)));
        quote! {
            /// The codec of the types above.
            mod #name {
                use ::eventc::{
                    codec::{self, Codec, Mode},
                    serde::{Deserialize, Deserializer, Serialize, Serializer},
                };

                #(#implementations)*
            }
        }
    }
}
