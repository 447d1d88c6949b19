//! Both ways to print give the same bytes.

use eventc_model::{
    catalog::Catalog,
    config::Config,
    source::{Limits, Tree},
    types::Types,
};

use super::*;
use crate::{Emitter, Options};

/// Holds both printers against each other for some tokens, and says how many items were printed directly.
fn compare(tokens: TokenStream) -> (usize, usize) {
    let (found, expected) = (print(tokens.clone()), print_by(tokens.clone(), |item, text| is_call(item) && directly(item, text)));
    assert!(found == expected, "{}", difference(&found, &expected));
    let tokens = take_apart(tokens);
    let (mut rest, mut direct, mut all) = (&tokens[inner_attributes(&tokens)..], 0, 0);
    while !rest.is_empty() {
        let (item, others) = rest.split_at(item_length(rest));
        let mut found = String::new();
        if directly(item, &mut found) {
            direct += 1;
            // Calls of macros have lines of their own kind: the words are the same.
            let words = |text: &str| text.split_whitespace().collect::<String>();
            assert!(!is_call(item) || words(&found) == words(&by_prettyplease(item)), "{found}");
        }
        all += 1;
        rest = others;
    }
    (direct, all)
}

fn is_call(item: &[Token]) -> bool {
    item.iter().any(|token| matches!(token, Token::Punct('!', _)))
}

/// The first line that differs, on both sides.
fn difference(found: &str, expected: &str) -> String {
    let lines = found.lines().zip(expected.lines()).enumerate();
    let first =
        lines.filter(|(_, (found, expected))| found != expected).map(|(index, (a, b))| format!("line {}:\n{a}\n{b}", index + 1)).next();
    first.unwrap_or_else(|| "one is longer".into())
}

#[test]
fn the_events_of_this_repository_are_printed_as_prettyplease_prints_them() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (config, problems) =
        Config::parse("eventc.toml", &std::fs::read_to_string(root.join("eventc.toml")).expect("the repository has one"));
    assert!(problems.is_empty(), "{problems:?}");
    let catalog = Catalog::build(Tree::read(&root.join("schemas/events"), &Limits::default()).expect("a folder"), config);
    let types = Types::derive(&catalog);
    let modules: Vec<_> = types.modules().map(|(id, _)| id).collect();
    let options = Options::default();
    let emitter = Emitter::new(&catalog, &types, &modules, &options);
    let (mut direct, mut all) = (0, 0);
    for path in emitter.tree.keys().filter(|path| !path.is_empty()) {
        let (some, of) = compare(emitter.file(path));
        direct += some;
        all += of;
    }
    // What is not printed directly is slow, not wrong; but most of it should be.
    assert!(direct * 10 >= all * 7, "{direct} of {all} items are printed directly");
}

/// Types and values at every width around the margin.
#[test]
fn lines_break_where_prettyplease_breaks_them() {
    for width in 1..90 {
        let name = quote::format_ident!("n{}", "x".repeat(width));
        compare(quote::quote! {
            /// A thing: "quoted" \ and 'so on'.
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, #name)]
            #[serde(transparent)]
            pub struct Thing<P> {
                /// With a path.
                pub #name: Option<Vec<crate::some::module::v1::Name>>,
                pub other: ::std::collections::BTreeMap<String, Option<#name>>,
                pub pair: (#name, String),
                pub one: P,
            }

            pub struct Short(pub #name);
            pub struct Plain(String);
            pub struct Empty {}
            pub type Alias<P> = crate::some::Envelope<#name, P>;

            pub enum Choice {
                #[doc = " One."]
                One,
                Many(Vec<crate::some::module::v1::Name<#name>>),
            }

            impl<P: ::std::fmt::Debug> ::some::Trait for Thing<P> {
                const TOPIC: &'static ::eventc::Topic = &::eventc::Topic {
                    owner: Some(#name),
                    numbers: &[1, 2, 3],
                    none: &[],
                    inner: Some(::eventc::Inner { a: #name, b: None }),
                    list: &[::eventc::Consumer { service: "s", queue: None }],
                    tiny: A { a, b },
                    ..::eventc::Topic::new("a", #name)
                };
                type Envelope = crate::some::Envelope<#name>;
                fn new(self, first: #name, second: impl Into<String>) -> Result<Self, #name> {
                    Self { #name, second: second.into(), third: ::std::default::Default::default() }
                }
                fn go(&self) -> &'static [&'static str] {
                    self.first.call();
                    Self::Variant(Box::new(#name))
                }
                fn nothing() {}
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct("Thing").field(#name, &::std::format_args!("{} more", self.extra.len())).field("b", &self.b).finish()
                }
                fn short(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(#name)
                }
            }

            impl From<crate::some::#name> for Thing {
                fn from(event: crate::some::#name) -> Self {
                    Self::Variant(Box::new(event))
                }
            }

            pub static SCHEMA: ::eventc::Schema = ::eventc::Schema::new(r#"{"a": 1}"#, &[("a", &crate::#name::A_SCHEMA), ("b", &B)]);
            pub const ONE: &::eventc::Topic = <crate::a::#name as ::eventc::Event>::TOPIC;
            pub const TWO: u64 = 2;

            crate::support::codec! { [crate::support] #name<P> { 0 required id "id" (read); 1 optional "b" (read_as::<crate::Int<#name>>); } extra (a.b) }
        });
    }
}

#[test]
fn other_forms_are_left_to_prettyplease() {
    let (direct, all) = compare(quote::quote! {
        use a::b;
        pub fn find(name: &str) -> Option<u8> {
            let found = ALL.iter().find(|one| one.name == name)?;
            if found.is_empty() { return None; }
            match found { _ => Some(1 + 2) }
        }
        #[serde(rename = "x", default)]
        pub(crate) struct Hidden(#[serde(skip)] pub u8, pub u16);
        const NEGATIVE: (u8,) = (-1,);
        pub trait T { fn x(); }
    });
    assert_eq!((direct, all), (0, 5));
}
