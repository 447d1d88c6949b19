//! Which file of a crate takes a name from which other, read from its syntax.
//!
//! A name that a file hands on (`pub use self::plan::Plan`) is taken from the file that it comes from. Of macros the tokens are read:
//! whatever looks like a path is one, but for code that is only quoted. Tests are left out.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Item, UseTree, visit::Visit};

/// The modules above a place, from the crate's root.
type ModulePath = Vec<String>;

/// A module in a file of its own.
struct Module {
    file: PathBuf,
    items: Vec<Item>,
    /// What it imports: the name here, and the whole path of what it stands for.
    names: HashMap<String, ModulePath>,
    /// Everything that it hands on.
    globs: Vec<ModulePath>,
}

/// The arrows between the files of a crate.
pub(crate) fn of_crate(root: &Path) -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
    let mut modules = BTreeMap::new();
    read(root, Vec::new(), &mut modules);
    let mut arrows: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for (path, module) in &modules {
        let mut paths = Paths { from: path.clone(), modules: &modules, found: BTreeSet::new() };
        module.items.iter().for_each(|item| paths.visit_item(item));
        arrows.insert(module.file.clone(), paths.found.into_iter().filter(|file| *file != module.file).collect());
    }
    arrows
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("cfg") && quote::quote!(#attribute).to_string().contains("test"))
}

fn read(file: &Path, path: ModulePath, modules: &mut BTreeMap<ModulePath, Module>) {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let items = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).items;
    let stem = file.file_stem().expect("a name").to_string_lossy().into_owned();
    let folder = file.parent().expect("a folder");
    let below = if ["lib", "main", "mod"].contains(&stem.as_str()) { folder.to_path_buf() } else { folder.join(&stem) };
    let items: Vec<Item> = items.into_iter().filter(|item| !matches!(item, Item::Mod(item) if is_test(&item.attrs))).collect();
    for name in items.iter().flat_map(declared) {
        let candidates = [below.join(format!("{name}.rs")), below.join(&name).join("mod.rs")];
        if let Some(child) = candidates.into_iter().find(|candidate| candidate.exists()) {
            read(&child, [path.clone(), vec![name]].concat(), modules);
        }
    }
    let (mut names, mut globs) = (HashMap::new(), Vec::new());
    for item in &items {
        if let Item::Use(item) = item {
            for (name, target) in flatten(&item.tree, Vec::new()) {
                let Some(target) = absolute(&path, &target) else { continue };
                match name {
                    Some(name) => drop(names.insert(name, target)),
                    None => globs.push(target),
                }
            }
        }
    }
    modules.insert(path, Module { file: file.to_path_buf(), items, names, globs });
}

/// The names of modules that an item may declare; a list of them may stand in a macro.
fn declared(item: &Item) -> Vec<String> {
    match item {
        Item::Mod(item) if item.content.is_none() => vec![item.ident.to_string()],
        Item::Macro(item) if item.ident.is_none() => {
            let words = item.mac.tokens.clone().into_iter().filter_map(|token| match token {
                TokenTree::Ident(ident) => Some(ident.to_string()),
                _ => None,
            });
            words.collect::<BTreeSet<_>>().into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The paths of a `use`, each with the name that it has here; none for a glob.
fn flatten(tree: &UseTree, above: Vec<String>) -> Vec<(Option<String>, Vec<String>)> {
    let with = |ident: &syn::Ident| [above.clone(), vec![ident.to_string()]].concat();
    match tree {
        UseTree::Path(path) => flatten(&path.tree, with(&path.ident)),
        UseTree::Name(name) if name.ident == "self" => vec![(above.last().cloned(), above.clone())],
        UseTree::Name(name) => vec![(Some(name.ident.to_string()), with(&name.ident))],
        UseTree::Rename(rename) => vec![(Some(rename.rename.to_string()), with(&rename.ident))],
        UseTree::Glob(_) => vec![(None, above)],
        UseTree::Group(group) => group.items.iter().flat_map(|tree| flatten(tree, above.clone())).collect(),
    }
}

/// A path from the crate's root; `None` for one into another crate.
fn absolute(from: &ModulePath, path: &[String]) -> Option<ModulePath> {
    let mut base = from.clone();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => {
            base.clear();
            rest = &path[1..];
        }
        Some("self") => rest = &path[1..],
        Some("super") => {
            while rest.first().is_some_and(|part| part == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        _ => return None,
    }
    Some([base, rest.to_vec()].concat())
}

/// The files that the paths in a file lead to.
struct Paths<'a> {
    from: ModulePath,
    modules: &'a BTreeMap<ModulePath, Module>,
    found: BTreeSet<PathBuf>,
}

impl Paths<'_> {
    /// Follows a path to the file that holds what it names.
    fn follow(&mut self, path: &[String], depth: usize) {
        if depth > 20 {
            return;
        }
        let length = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length])).unwrap_or(0);
        let module = &self.modules[&path[..length]];
        let Some(name) = path.get(length) else {
            // A module is a place, not something that is used: what stands in it is. But a function may have the name of a module.
            return self.follow_function(path);
        };
        if let Some(target) = module.names.get(name).filter(|target| **target != path[..=length]) {
            let target = [target.clone(), path[length + 1..].to_vec()].concat();
            return self.follow(&target, depth + 1);
        }
        let defines = module.items.iter().any(|item| defines(item, name));
        if !defines {
            for glob in module.globs.clone() {
                self.follow(&[glob, path[length..].to_vec()].concat(), depth + 1);
            }
            return;
        }
        self.found.insert(module.file.clone());
    }

    /// Follows the path of a module to the function beside it that has the same name.
    fn follow_function(&mut self, path: &[String]) {
        let Some((name, above)) = path.split_last() else { return };
        if let Some(module) = self.modules.get(above).filter(|module| module.items.iter().any(|item| defines_function(item, name))) {
            self.found.insert(module.file.clone());
        }
    }

    /// Follows a path as it is written in the file.
    fn follow_written(&mut self, parts: &[String]) {
        // The value `self`, or how far a name is seen.
        if parts.last().is_some_and(|part| ["crate", "self", "super"].contains(&part.as_str())) {
            return;
        }
        // A path through a module that the file imports or declares.
        let module = &self.modules[&self.from];
        let whole = absolute(&self.from, parts).or_else(|| {
            let first = parts.first()?;
            let child = [self.from.clone(), vec![first.clone()]].concat();
            let target = module.names.get(first).cloned().or_else(|| self.modules.contains_key(&child).then_some(child))?;
            Some([target, parts[1..].to_vec()].concat())
        });
        if let Some(whole) = whole {
            self.follow(&whole, 0);
        }
    }

    /// Follows what a macro of this file makes of the modules that a call of it names: `$name::RULE`, for each of them.
    fn follow_call(&mut self, call: &syn::ItemMacro) {
        let module = &self.modules[&self.from];
        let is_definition = |ident: &syn::Ident| call.mac.path.is_ident(ident);
        let definition = module.items.iter().find_map(|item| match item {
            Item::Macro(item) if item.ident.as_ref().is_some_and(is_definition) => Some(item.mac.tokens.clone()),
            _ => None,
        });
        let ends = definition.map(paths_of_variables).unwrap_or_default();
        for name in declared(&Item::Macro(call.clone())) {
            for end in &ends {
                self.follow_written(&[vec![name.clone()], end.clone()].concat());
            }
        }
    }
}

/// Macros whose tokens are code of another crate.
const QUOTES: &[&str] = &["quote", "quote_spanned", "parse_quote"];

/// A path in the tokens of a macro.
struct TokenPath {
    /// Whether it begins with a variable of the macro: `$name::RULE`.
    of_variable: bool,
    parts: Vec<String>,
}

/// What looks like a path in the tokens of a macro.
fn token_paths(tokens: TokenStream) -> Vec<TokenPath> {
    let mut found = Vec::new();
    let (mut after_dollar, mut colons) = (false, 0);
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                let part = ident.to_string();
                match found.last_mut() {
                    Some(TokenPath { parts, .. }) if colons == 2 => parts.push(part),
                    _ => found.push(TokenPath { of_variable: after_dollar && part != "crate", parts: vec![part] }),
                }
                (after_dollar, colons) = (false, 0);
            }
            TokenTree::Punct(punct) => {
                after_dollar = punct.as_char() == '$';
                colons = if punct.as_char() == ':' { colons + 1 } else { 0 };
            }
            TokenTree::Group(group) => {
                found.extend(token_paths(group.stream()));
                // A path does not go on behind a group.
                found.push(TokenPath { of_variable: false, parts: Vec::new() });
                (after_dollar, colons) = (false, 0);
            }
            TokenTree::Literal(_) => (after_dollar, colons) = (false, 0),
        }
    }
    found.retain(|path| !path.parts.is_empty());
    found
}

/// What a macro takes out of the modules that its variables stand for.
fn paths_of_variables(tokens: TokenStream) -> Vec<Vec<String>> {
    let paths = token_paths(tokens).into_iter().filter(|path| path.of_variable && path.parts.len() > 1);
    paths.map(|path| path.parts[1..].to_vec()).collect()
}

/// Whether an item is a function of a name, or another value.
fn defines_function(item: &Item, name: &str) -> bool {
    matches!(item, Item::Fn(_) | Item::Const(_) | Item::Static(_)) && defines(item, name)
}

/// Whether an item defines a name.
fn defines(item: &Item, name: &str) -> bool {
    match item {
        Item::Const(item) => item.ident == name,
        Item::Enum(item) => item.ident == name,
        Item::Fn(item) => item.sig.ident == name,
        Item::Static(item) => item.ident == name,
        Item::Struct(item) => item.ident == name,
        Item::Trait(item) => item.ident == name,
        Item::Type(item) => item.ident == name,
        Item::Union(item) => item.ident == name,
        // What a macro defines, its definition names.
        Item::Macro(item) => item.mac.tokens.to_string().split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name),
        Item::Mod(item) => item.content.is_some() && item.ident == name,
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // What a file only hands on is used by those who take it.
        if !matches!(item.vis, syn::Visibility::Inherited) {
            return;
        }
        for (_, path) in flatten(&item.tree, Vec::new()) {
            if let Some(path) = absolute(&self.from, &path) {
                self.follow(&path, 0);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.follow_written(&parts);
        syn::visit::visit_path(self, path);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.follow_call(item);
        syn::visit::visit_item_macro(self, item);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let is_quote = call.path.segments.last().is_some_and(|name| QUOTES.iter().any(|quote| name.ident == quote));
        if !is_quote {
            for path in token_paths(call.tokens.clone()).iter().filter(|path| !path.of_variable) {
                self.follow_written(&path.parts);
            }
        }
        syn::visit::visit_macro(self, call);
    }
}
