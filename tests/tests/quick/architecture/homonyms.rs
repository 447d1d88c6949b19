//! One name of a type has one meaning among the crates of the compiler.

use std::{collections::BTreeMap, fs, path::Path};

use eventc_tests::tools::workspace;
use syn::{Ident, Item, Visibility};
use walkdir::WalkDir;

/// Names that several types have on purpose, and why.
const ALLOWED: &[(&str, &str)] = &[
    ("Args", "the arguments of a command, which its module names"),
    ("Numbers", "the option `numbers` of a target, which has values of its own in each"),
];

/// The name of a struct or enum that the whole crate may use, or others.
fn shared_type(item: &Item) -> Option<&Ident> {
    let (visibility, name) = match item {
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    let is_shared = match visibility {
        Visibility::Public(_) => true,
        Visibility::Restricted(restricted) => restricted.path.is_ident("crate"),
        Visibility::Inherited => false,
    };
    is_shared.then_some(name)
}

/// The types of one file.
fn types_of(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let items = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())).items;
    items.iter().filter_map(shared_type).map(ToString::to_string).collect()
}

/// Where each name stands for a type, below a folder of crates.
fn homes(crates: &Path) -> BTreeMap<String, Vec<String>> {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in WalkDir::new(crates).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        let below = path.strip_prefix(crates).unwrap();
        let is_source = below.components().nth(1).is_some_and(|part| part.as_os_str() == "src");
        if is_source && path.extension().is_some_and(|ending| ending == "rs") {
            for name in types_of(&path) {
                homes.entry(name).or_default().push(below.display().to_string());
            }
        }
    }
    homes
}

#[test]
fn a_name_of_a_type_has_one_meaning() {
    let several: BTreeMap<String, Vec<String>> =
        homes(&workspace().join("codegen")).into_iter().filter(|(_, files)| files.len() > 1).collect();
    let is_allowed = |name: &str| ALLOWED.iter().any(|(allowed, _)| *allowed == name);
    let wrong: Vec<_> = several.iter().filter(|(name, _)| !is_allowed(name)).collect();
    assert!(wrong.is_empty(), "call one of them what it is alone:\n{wrong:#?}");
    let needless: Vec<_> = ALLOWED.iter().filter(|(name, _)| !several.contains_key(*name)).collect();
    assert!(needless.is_empty(), "no longer needed: {needless:?}");
}
