//! The fallback for the implementations of an item that is wrong: the errors, and implementations without meaning, so that the places
//! that use the item give no errors of their own.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error};

pub(crate) fn expand(input: &DeriveInput, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    // No trait of serde can be had for a union: an implementation that asks for them would be an error more.
    if matches!(input.data, Data::Union(_)) {
        return errors;
    }
    let ident = &input.ident;
    let (implementation, arguments, bounds) = input.generics.split_for_impl();
    let bounds = bounds.map(|bounds| &bounds.predicates);
    quote! {
        #errors

        #[automatically_derived]
        const _: () = {
            static SCHEMA: ::eventc::Schema = ::eventc::Schema::new("true", &[]);

            impl #implementation ::eventc::Shaped for #ident #arguments where #bounds {
                const SHAPE: ::eventc::Shape = ::eventc::Shape::Any;
            }

            impl #implementation ::eventc::Validate for #ident #arguments where #bounds {
                fn schema() -> &'static ::eventc::Schema {
                    &SCHEMA
                }
            }

            impl #implementation ::eventc::Event for #ident #arguments
            where
                Self: ::eventc::serde::Serialize + ::eventc::serde::de::DeserializeOwned,
                #bounds
            {
                const TOPIC: &'static ::eventc::Topic = &::eventc::Topic::new("", "", "");
                type Envelope = ::eventc::Bare<Self>;
            }

            impl #implementation ::eventc::codec::Codec for #ident #arguments
            where
                Self: ::eventc::serde::Serialize + ::eventc::serde::de::DeserializeOwned,
                #bounds
            {
                fn read<'de, __D: ::eventc::serde::Deserializer<'de>>(
                    deserializer: __D,
                    mode: ::eventc::codec::Mode,
                ) -> Result<Self, __D::Error> {
                    ::eventc::codec::read_by_serde(deserializer, mode)
                }
            }
        };
    }
}
