//! Expansions of small items, with the tree in `macros/schemas/events`.

use quote::quote;

fn expansion(item: proc_macro2::TokenStream) -> String {
    let file = syn::parse2(super::derive(item)).expect("the expansion is Rust");
    prettyplease::unparse(&file)
}

#[test]
fn a_shared_definition() {
    insta::assert_snapshot!(expansion(quote! {
        #[event(file = "_types.v1.json", at = "/$defs/money")]
        struct Money {
            amount: String,
            currency: String,
        }
    }));
}

#[test]
fn an_event_that_holds_another_type() {
    insta::assert_snapshot!(expansion(quote! {
        #[event(topic = "order.created")]
        struct OrderCreated {
            order_id: String,
            total: Money,
        }
    }));
}

#[test]
fn an_item_that_is_wrong() {
    insta::assert_snapshot!(expansion(quote! {
        #[event(topic = "order.created", at = "/properties/state")]
        enum State {
            Open,
        }
    }));
}
