//! `include_events!`: reads the tree, emits the Rust package, and nests its files as modules.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use eventc_model::{
    catalog::Catalog,
    config::Config,
    diagnostic::{Diagnostic, Level},
    source::Tree,
    types::{ModuleId, Types},
};
use eventc_rust::{Emitter, Options};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{AttrStyle, Attribute, File, Item, LitStr};

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let folder: LitStr = syn::parse2(input)
        .map_err(|error| syn::Error::new(error.span(), "name the folder of the schema tree: include_events!(\"schemas/events\")"))?;
    let fail = |message: String| syn::Error::new(folder.span(), message);
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).ok_or_else(|| fail("there is no package around this macro".into()))?;
    let catalog = read(&package, &folder.value()).map_err(fail)?;
    let types = Types::derive(&catalog);
    let modules: Vec<ModuleId> = types.modules().map(|(id, _)| id).collect();
    let options = Options::default();
    let emitter = Emitter::new(&catalog, &types, &modules, &options);
    let own = emitter.crate_files();
    let files = modules.iter().map(|id| emitter.module(*id)).chain(own.iter().map(|file| emitter.crate_file(file)));
    let mut sources = BTreeMap::new();
    for file in files.filter(|file| Path::new(&file.path).extension().is_some_and(|ending| ending == "rs")) {
        sources.insert(file.path.clone(), syn::parse_file(&file.text)?);
    }
    let root = sources.remove("src/lib.rs").ok_or_else(|| fail("nothing was generated".into()))?;
    let tracked = tracked(&package, &catalog);
    let items = nest(root, "src", &mut sources, &[]);
    Ok(quote!(#tracked #(#items)*))
}

/// Reads the tree below the package, with the package's own conventions if it has any.
fn read(package: &Path, folder: &str) -> Result<Catalog, String> {
    let settings = package.join("eventc.toml");
    #[allow(clippy::disallowed_methods, reason = "a macro has nobody else to read the package's settings for it")]
    let settings = std::fs::read_to_string(&settings);
    let config = match settings {
        Ok(text) => {
            let (config, problems) = Config::parse("eventc.toml", &text);
            refuse(&problems)?;
            config
        }
        Err(_) => Config::without_conventions(),
    };
    let root = package.join(folder);
    let tree = Tree::read(&root, &config.limits).map_err(|error| format!("cannot read {}: {error}", root.display()))?;
    let catalog = Catalog::build(tree, config);
    refuse(&catalog.diagnostics)?;
    Ok(catalog)
}

/// All errors in one message, each with its place and what to do.
fn refuse(diagnostics: &[Diagnostic]) -> Result<(), String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error);
    let lines: Vec<String> = errors
        .map(|error| {
            let help = error.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
            format!("{}: {}{help}", error.place, error.message)
        })
        .collect();
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n")) }
}

/// Makes the compiler rebuild the crate when a file that was read changes.
fn tracked(package: &Path, catalog: &Catalog) -> TokenStream {
    let settings = package.join("eventc.toml");
    let read = catalog.schemas.files.iter().map(|file| PathBuf::from(&*file.shown)).chain(settings.exists().then_some(settings));
    let read = read.filter_map(|path| path.to_str().map(|path| LitStr::new(path, Span::call_site())));
    quote!(#(const _: &[u8] = ::core::include_bytes!(#read);)*)
}

/// The items of a file with the files of its modules put into them. Attributes of the root hold for every module in it.
fn nest(file: File, path: &str, sources: &mut BTreeMap<String, File>, outer: &[Attribute]) -> Vec<TokenStream> {
    let inherited: Vec<Attribute> = if outer.is_empty() {
        file.attrs.iter().filter(|attribute| attribute.path().is_ident("allow")).cloned().collect()
    } else {
        outer.to_vec()
    };
    let mut items = Vec::new();
    for item in file.items {
        let Item::Mod(module) = &item else {
            items.push(item.into_token_stream());
            continue;
        };
        let name = module.ident.to_string();
        let below = format!("{path}/{}", name.trim_start_matches("r#"));
        match sources.remove(&format!("{below}.rs")) {
            Some(source) => {
                let (visibility, ident, attributes) = (&module.vis, &module.ident, &module.attrs);
                let lints = inherited.iter().map(outward);
                let inner = source.attrs.iter().filter(|attribute| !attribute.path().is_ident("allow")).map(outward).collect::<Vec<_>>();
                let content = nest(source, &below, sources, &inherited);
                items.push(quote!(#(#attributes)* #(#lints)* #(#inner)* #visibility mod #ident { #(#content)* }));
            }
            None => items.push(item.into_token_stream()),
        }
    }
    items
}

/// The attribute, to stand before an item instead of in it.
fn outward(attribute: &Attribute) -> Attribute {
    Attribute { style: AttrStyle::Outer, ..attribute.clone() }
}
