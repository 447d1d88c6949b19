//! Names and types say what schemas say: no number where the schema has a name, no open type where it states one, nothing twice.

use std::collections::HashMap;

use eventc_codegen::project::{Project, ProjectRoot};
use eventc_model::{
    schema::{Keywords, Kind, NodeId},
    syntax::split_pointer,
    types::{Additional, Shape, Type, TypeRef, Types},
};
use eventc_tests::tools::{node_modules, workspace};

/// This tree, and a set that strangers wrote.
fn projects() -> [(&'static str, Project); 2] {
    let own = ProjectRoot::Config(workspace().join("eventc.toml"));
    let octokit = ProjectRoot::Schemas(node_modules().join("@octokit/webhooks-schemas"));
    [("this tree", own), ("octokit", octokit)].map(|(name, root)| (name, Project::open(&root).expect("a readable project")))
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether the schema of a type, or what stands above it, has a name of its own that ends in a number.
fn schema_says_number(project: &Project, ty: &Type) -> bool {
    let schemas = &project.catalog.schemas;
    let node = schemas.node(ty.node);
    let titles = schemas.keywords(ty.node).and_then(|keywords| keywords.title.clone());
    let file = schemas.file(node.file).path.split('.').next().unwrap_or_default().to_owned();
    let parts = split_pointer(&schemas.pointer(ty.node)).into_iter().filter(|part| part.parse::<u32>().is_err());
    titles.into_iter().chain([file]).chain(parts).any(|text| ends_in_digit(&text))
}

#[test]
fn no_type_is_numbered() {
    for (name, project) in projects() {
        let types = &project.types;
        let numbered = types.iter().map(|(_, ty)| ty).filter(|ty| ends_in_digit(&ty.name) && !schema_says_number(&project, ty));
        let shown: Vec<String> = numbered.map(|ty| format!("{} ({})", ty.name, project.catalog.schemas.pointer(ty.node))).collect();
        assert!(shown.is_empty(), "{name}: {} types, for example\n{}", shown.len(), shown.join("\n"));
    }
}

/// A place where a type stands: the schema that it stands for, and the type.
fn places(types: &Types) -> Vec<(NodeId, TypeRef)> {
    let mut places = Vec::new();
    for (_, ty) in types.iter() {
        match &ty.shape {
            Shape::Object(object) => {
                places.extend(object.fields.iter().map(|field| (field.node, field.ty.clone())));
                // What an open object holds further has no schema of its own.
                if let Additional::Typed(TypeRef::Named(id)) = &object.rest {
                    places.push((types.get(*id).node, TypeRef::Named(*id)));
                }
            }
            Shape::Alias(target) => places.push((ty.node, target.clone())),
            Shape::Enum(_) | Shape::Union(_) => {}
        }
    }
    places
}

/// Whether a schema states a type, by itself or by what all its parts say: several types at once are no type of one language.
fn states_type(project: &Project, node: NodeId) -> bool {
    let schemas = &project.catalog.schemas;
    let states = |keywords: &Keywords| keywords.types.is_some_and(|kinds| kinds.without(Kind::Null).single().is_some());
    schemas.keywords(schemas.target(node)).is_some_and(|keywords| {
        states(keywords) || keywords.all_of.iter().any(|part| schemas.keywords(schemas.target(*part)).is_some_and(states))
    })
}

#[test]
fn no_type_is_open_where_the_schema_states_one() {
    for (name, project) in projects() {
        let places = places(&project.types);
        assert!(places.len() > 500, "{name} has {} places", places.len());
        let open = places.iter().filter(|(node, ty)| *ty.split_null().0 == TypeRef::Any && states_type(&project, *node));
        let shown: Vec<String> = open.map(|(node, _)| project.catalog.schemas.pointer(*node)).collect();
        assert!(shown.is_empty(), "{name}: {} places, for example\n{}", shown.len(), shown.join("\n"));
    }
}

#[test]
fn definitions_become_one_type_each() {
    for (name, project) in projects() {
        let mut by_node: HashMap<NodeId, Vec<&str>> = HashMap::new();
        for (id, ty) in project.types.iter() {
            if project.types.is_unit(id) {
                by_node.entry(ty.node).or_default().push(&ty.name);
            }
        }
        let twice: Vec<_> = by_node.values().filter(|names| names.len() > 1).collect();
        assert!(by_node.len() > 100 && twice.is_empty(), "{name}: {twice:?} of {}", by_node.len());
    }
}
