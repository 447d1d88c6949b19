//! `include_events!`: the modules of a schema tree, in place.

use eventc_model::{
    names::nearest,
    select,
    topic::glob,
    types::{ModuleId, Types},
};
use eventc_rust::{Emitter, RustOptions};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{
    Ident, LitStr, Token, bracketed,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

use crate::{
    memo::ExpansionMemo,
    tree::{self, SchemaSource},
};

/// The arguments in the parentheses.
struct MacroInput {
    folder: Option<LitStr>,
    topics: Vec<LitStr>,
    namespaces: Vec<LitStr>,
    /// Files that are added later are found when something else changes.
    untracked: bool,
}

impl Parse for MacroInput {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut found = Self { folder: None, topics: Vec::new(), namespaces: Vec::new(), untracked: false };
        if input.peek(LitStr) {
            found.folder = Some(input.parse()?);
            separator(input)?;
        }
        while !input.is_empty() {
            let word: Ident = input.parse()?;
            match word.to_string().as_str() {
                "topics" => found.topics = texts(input)?,
                "namespace" => found.namespaces = texts(input)?,
                "untracked" => found.untracked = true,
                other => {
                    let near = nearest(other, ["topics", "namespace", "untracked"].into_iter());
                    let help = near.map_or("known here: topics, namespace, untracked".to_owned(), |near| format!("did you mean `{near}`?"));
                    return Err(syn::Error::new(word.span(), format!("include_events! knows no `{other}`; {help}")));
                }
            }
            separator(input)?;
        }
        Ok(found)
    }
}

impl MacroInput {
    /// Returns what is wanted of the tree.
    fn filter(&self) -> String {
        let texts = |list: &[LitStr]| list.iter().map(LitStr::value).collect::<Vec<_>>();
        format!("{:?} {:?}", texts(&self.topics), texts(&self.namespaces))
    }
}

fn separator(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    input.parse::<Token![,]>().map(|_| ())
}

/// Parses `= "…"`, or `= ["…", "…"]`.
fn texts(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        return Ok(vec![input.parse()?]);
    }
    let list;
    bracketed!(list in input);
    Ok(Punctuated::<LitStr, Token![,]>::parse_terminated_with(&list, |list: ParseStream<'_>| list.parse())?.into_iter().collect())
}

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let input: MacroInput = syn::parse2(input)?;
    let span = input.folder.as_ref().map_or_else(Span::call_site, LitStr::span);
    let fail = |message: String| syn::Error::new(span, message);
    let folder = input.folder.as_ref().map(LitStr::value);
    let files = tree::read(folder.as_deref()).map_err(fail)?;
    let unnoticed = unnoticed(&input, files.root(), span);
    let (filter, version) = (input.filter(), env!("CARGO_PKG_VERSION"));
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let texts = [version.into(), filter.as_str().into()].into_iter().chain(files.texts());
    let memo = ExpansionMemo::new(&[&package, files.root(), &filter], texts);
    // The compiler reads text much faster than proc-macro2 does, which reads it too before the compiler may.
    let known = memo.recall().filter(|_| files.are_whole()).and_then(|text| text.parse::<proc_macro::TokenStream>().ok());
    if let Some(items) = known.map(TokenStream::from) {
        return Ok(quote!(#unnoticed #items));
    }
    let source = files.understand();
    let modules = selected(&input, &source)?;
    if let Some(errors) = tree::errors(source.catalog.diagnostics.iter()) {
        return Err(fail(format!("the schema tree has errors:\n{errors}")));
    }
    // What the types are made of is said once, for the command line and this macro alike.
    let options: RustOptions = source.catalog.config.target("rust").map_err(|problems| fail(tree::lines(problems.iter())))?;
    let options = RustOptions { movable: true, ..options };
    let items = Emitter::new(&source.catalog, &source.types, &modules, &options).nested();
    let tracked = source.tracked(modules.iter().map(|module| source.types.module(*module).file));
    let items = quote!(#tracked #items);
    memo.keep(&items.to_string());
    Ok(quote!(#unnoticed #items))
}

/// Returns the modules of the events that are wanted.
fn selected(input: &MacroInput, source: &SchemaSource) -> syn::Result<Vec<ModuleId>> {
    let (catalog, types): (_, &Types) = (&source.catalog, &source.types);
    if input.topics.is_empty() && input.namespaces.is_empty() {
        return Ok(types.modules().map(|(id, _)| id).collect());
    }
    for wanted in &input.topics {
        if !catalog.events().any(|event| glob(&wanted.value(), &event.topic)) {
            let near = catalog.nearest_topic(&wanted.value()).map(|topic| format!("; did you mean {topic:?}?")).unwrap_or_default();
            return Err(syn::Error::new(wanted.span(), format!("no topic fits {:?}{near}", wanted.value())));
        }
    }
    let known = || catalog.config.namespace.iter().map(|namespace| namespace.name.as_str());
    for wanted in &input.namespaces {
        if !known().any(|name| name == wanted.value()) {
            let help = nearest(&wanted.value(), known()).map_or_else(
                || format!("known here: {}", known().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean {near:?}?"),
            );
            return Err(syn::Error::new(wanted.span(), format!("there is no namespace {:?}; {help}", wanted.value())));
        }
    }
    let any = |wanted: &[LitStr], fits: &dyn Fn(&str) -> bool| wanted.is_empty() || wanted.iter().any(|text| fits(&text.value()));
    Ok(select::events(catalog, types, |event| {
        any(&input.topics, &|wanted| glob(wanted, &event.topic))
            && any(&input.namespaces, &|wanted| catalog.namespace(event).name == wanted)
    }))
}

/// Returns a warning where nothing would notice a file that is added: a macro can have the compiler watch files, and no
/// folders. Stable Rust gives macros no other way to warn than something deprecated.
fn unnoticed(input: &MacroInput, root: &str, span: Span) -> TokenStream {
    if input.untracked || std::env::var_os("OUT_DIR").is_some() {
        return TokenStream::new();
    }
    let note = format!(
        "a schema that is added to {root} is not noticed until something else changes; add a build script, build.rs, with the line \
         `fn main() {{ println!(\"cargo::rerun-if-changed={root}\"); }}`, or say `untracked` in the macro"
    );
    quote_spanned! {span=>
        const _: () = {
            #[deprecated(note = #note)]
            const ADDED_SCHEMAS: () = ();
            ADDED_SCHEMAS
        };
    }
}
