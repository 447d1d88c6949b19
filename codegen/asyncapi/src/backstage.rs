//! `catalog-info.yaml`: namespaces and services as entities of Backstage (backstage.io/docs/features/software-catalog/descriptor-format).
//!
//! Each namespace, and each service that sends something, is an API with its document; each service is a component that provides its own
//! API and consumes those of whoever sends what it reads.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt::Write as _,
    sync::LazyLock,
};

use eventc_model::{GeneratedFile, text::is_hidden};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig};

use super::{
    document::{DocumentScope, DocumentSubject},
    flow::{Act, Flow},
    keys::key,
    objects::Action,
};

/// The longest name of an entity.
const MAX_NAME_LENGTH: usize = 63;

/// The owner where none is named: the field may not be absent.
const NOBODY: &str = "unknown";

struct Api<'a> {
    name: String,
    title: &'a str,
    description: &'a str,
    owner: String,
    document: String,
}

impl Api<'_> {
    fn value(&self) -> Value {
        context! { name => self.name.as_str(), title => self.title, description => self.description, owner => self.owner.as_str(), document => self.document.as_str() }
    }
}

/// Returns the file.
pub(super) fn file(flow: &Flow<'_>, documents: &[DocumentScope<'_>]) -> GeneratedFile {
    let acts: BTreeMap<&str, Vec<Act<'_>>> = flow.by_service();
    let (mut apis, mut of_service) = (Vec::new(), BTreeMap::new());
    let mut taken = HashSet::new();
    for scope in documents {
        let owner = match scope.subject {
            DocumentSubject::Namespace(index) => most_frequent_owner(flow, index),
            DocumentSubject::Service(name) if sends(&acts, name) => {
                of_service.insert(name, apis.len());
                owner_of(flow, name)
            }
            DocumentSubject::Service(_) => continue,
        };
        let (title, description) = (scope.info.title, scope.info.description);
        let document = format!("./{}", scope.path);
        apis.push(Api { name: unique(&mut taken, title), title, description, owner: reference(owner), document });
    }
    let config = &flow.input.catalog.config;
    let names: BTreeSet<&str> = config.services.keys().map(String::as_str).chain(acts.keys().copied()).collect();
    let mut taken = HashSet::new();
    let api = |service: &str| of_service.get(service).map(|at| apis[*at].name.clone());
    let component = |name| {
        let reads = acts.get(name).into_iter().flatten().filter(|act| act.action == Action::Receive);
        let senders = reads.flat_map(|act| &flow.entries[act.entry].contract.metadata.producers);
        let consumes: BTreeSet<String> = senders.filter(|sender| *sender != name).filter_map(|sender| api(sender)).collect();
        let (provides, consumes) = (api(name).into_iter().collect::<Vec<_>>(), consumes.into_iter().collect::<Vec<_>>());
        context! {
            name => unique(&mut taken, name),
            title => name,
            description => config.services.get(name).map_or("", |service| service.description.as_str()),
            owner => reference(owner_of(flow, name)),
            provides,
            consumes,
        }
    };
    let template = TEMPLATE.get_template("catalog-info").expect("the template is registered below");
    let components: Vec<Value> = names.into_iter().map(component).collect();
    let apis: Vec<Value> = apis.iter().map(Api::value).collect();
    let text = template.render(context! { apis, components });
    let text = text.expect("the entities have every member that the template names");
    GeneratedFile { path: "catalog-info.yaml".into(), text: format!("{}\n", text.trim_end()) }
}

fn sends(acts: &BTreeMap<&str, Vec<Act<'_>>>, service: &str) -> bool {
    acts.get(service).is_some_and(|acts| acts.iter().any(|act| act.action == Action::Send))
}

fn owner_of<'a>(flow: &Flow<'a>, service: &str) -> Option<&'a str> {
    flow.input.catalog.config.services.get(service)?.owner.as_deref()
}

/// Returns the owner of most contracts of a namespace, which has none itself; of equals the first by name.
fn most_frequent_owner<'a>(flow: &Flow<'a>, namespace: usize) -> Option<&'a str> {
    let mut counts: BTreeMap<&'a str, usize> = BTreeMap::new();
    for entry in flow.entries.iter().filter(|entry| entry.contract.namespace == namespace) {
        if let Some(owner) = &entry.contract.metadata.owner {
            *counts.entry(owner).or_default() += 1;
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(owner, _)| owner)
}

/// Returns an owner as Backstage refers to one: a group of that name.
fn reference(owner: Option<&str>) -> String {
    owner.map_or_else(|| NOBODY.to_owned(), |owner| format!("group:default/{}", entity(owner)))
}

/// Returns a text as the name of an entity: at most 63 letters, digits, dashes, underscores and dots, a letter or digit at
/// both ends.
fn entity(text: &str) -> String {
    let safe = key(text);
    let ends = |c: char| !c.is_ascii_alphanumeric();
    let cut = safe.trim_matches(ends);
    let cut = cut[..cut.len().min(MAX_NAME_LENGTH)].trim_end_matches(ends);
    if cut.is_empty() { "unnamed".to_owned() } else { cut.to_owned() }
}

fn unique(taken: &mut HashSet<String>, text: &str) -> String {
    let stem = entity(text);
    let (mut name, mut number) = (stem.clone(), 2_u32);
    while !taken.insert(name.to_ascii_lowercase()) {
        let tail = format!("-{number}");
        name = format!("{}{tail}", &stem[..stem.len().min(MAX_NAME_LENGTH - tail.len())]);
        number += 1;
    }
    name
}

static TEMPLATE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("the syntax is the usual one"));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("yaml".into()));
    environment.set_formatter(|out, _, value| Ok(out.write_str(&quoted(value.as_str().unwrap_or_default()))?));
    let source = include_str!("../templates/catalog-info.yaml.jinja");
    environment.add_template("catalog-info", source).expect("the template is part of the program, and a test renders it");
    environment
});

/// Returns a text as a double-quoted scalar (YAML 1.2, section 7.3.1), whatever is in it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' | '\u{a1}'..='\u{d7ff}' if !is_hidden(c) => out.push(c),
            _ if u32::from(c) <= 0xffff => drop(write!(out, "\\u{:04X}", u32::from(c))),
            _ => drop(write!(out, "\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        assert_eq!(quoted("a: \"b\" \\ # {c}"), r##""a: \"b\" \\ # {c}""##);
        assert_eq!(quoted("\n\u{7f}\u{2028}é𝄞"), r#""\u000A\u007F\u2028é\U0001D11E""#);
    }

    #[test]
    fn entities_have_names_that_backstage_takes() {
        let mut taken = HashSet::new();
        assert_eq!(unique(&mut taken, "a/b."), "a_b");
        assert_eq!(unique(&mut taken, "a/b"), "a_b-2");
        assert_eq!(unique(&mut taken, &"x".repeat(80)).len(), 63);
        assert_eq!(unique(&mut taken, &"X".repeat(80)), format!("{}-2", "X".repeat(61)));
        assert_eq!(entity("…"), "unnamed");
    }
}
