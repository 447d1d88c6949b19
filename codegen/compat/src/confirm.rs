//! Witnesses judged by the reference validator, on the schemas as they stand in their files: nothing of the formulas is shared.

use std::collections::HashSet;

use eventc_model::{
    guarded,
    schema::{Dialect, Reference, Schemas, Without, patterns::with_portable_patterns},
};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::Side;
use eventc_model::bundle::bundle;

/// Returns the validator of a side; `None` where the reference validator cannot use the schema.
pub(super) fn validator(side: Side<'_>, asserts_formats: bool) -> Option<Validator> {
    let schema = whole(side);
    let mut schema = with_portable_patterns(&schema).unwrap_or(schema);
    // What a company calls its dialect no validator knows.
    if let Some(Value::String(uri)) = schema.get_mut("$schema")
        && Dialect::of(uri).is_none()
    {
        side.schemas.node(side.root).dialect.uri().clone_into(uri);
    }
    without_absent(side, &mut schema);
    let options = jsonschema::options().offline().should_validate_formats(asserts_formats);
    guarded::call(|| options.build(&schema).ok()).ok().flatten()
}

/// Has what refers to an absent schema take any value, as a tree's own schemas do then.
fn without_absent(side: Side<'_>, schema: &mut Value) {
    let unresolved = side.schemas.ids().filter_map(|id| match &side.schemas.keywords(id)?.reference {
        Some(Reference::Unresolved(url)) if url.contains("://") => Some(url.as_str()),
        _ => None,
    });
    let unresolved: HashSet<&str> = unresolved.collect();
    if !unresolved.is_empty() {
        open_up(schema, &unresolved, side.schemas.node(side.root).dialect.ref_hides_siblings());
    }
}

fn open_up(value: &mut Value, absent: &HashSet<&str>, hides_siblings: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| open_up(item, absent, hides_siblings)),
        Value::Object(members) => {
            if members.get("$ref").and_then(Value::as_str).is_some_and(|url| absent.contains(url)) {
                members.retain(|key, _| key != "$ref" && !hides_siblings);
            }
            members.values_mut().for_each(|member| open_up(member, absent, hides_siblings));
        }
        _ => {}
    }
}

/// Returns the schema of a side as one value. One that refers to no other file of its tree stands as it is.
pub(super) fn whole(side: Side<'_>) -> Value {
    let node = side.schemas.node(side.root);
    let alone = side.schemas.is_whole(side.root) && side.schemas.file_ids().all(|file| file == node.file || is_meta(side.schemas, file.0));
    let mut value = if alone { side.schemas.raw(side.root).clone() } else { bundle(side.schemas, side.root) };
    if alone {
        later_const(side, &mut value);
        name_dialects(side, &mut value);
    }
    if let Value::Object(members) = &mut value
        && node.without == Without::default()
        && !members.get("$schema").is_some_and(is_published)
    {
        members.shift_insert(0, "$schema".into(), node.dialect.uri().into());
    }
    value
}

/// Replaces what nobody but its owner knows as a dialect by the dialect that the schema was read in.
fn name_dialects(side: Side<'_>, value: &mut Value) {
    let file = side.schemas.node(side.root).file;
    let nodes = side.schemas.ids_in(file).map(|id| (id, side.schemas.node(id)));
    for (id, node) in nodes.filter(|(_, node)| node.without == Without::default()) {
        if let Some(members) = value.pointer_mut(&side.schemas.pointer(id)).and_then(Value::as_object_mut)
            && members.get("$schema").is_some_and(|stated| !is_published(stated))
        {
            members.insert("$schema".into(), node.dialect.uri().into());
        }
    }
}

fn is_published(stated: &Value) -> bool {
    stated.as_str().is_some_and(|uri| Dialect::of(uri).is_some())
}

fn is_meta(schemas: &Schemas, file: u32) -> bool {
    schemas.files.get(file as usize).is_some_and(|file| file.path.starts_with("json-schema.org/"))
}

/// Turns `const` into an `enum` of one value where the dialect is draft 4, which has no `const`: see [`super::lower`].
fn later_const(side: Side<'_>, value: &mut Value) {
    let file = side.schemas.node(side.root).file;
    for id in side.schemas.ids_in(file).filter(|id| side.schemas.node(*id).dialect == Dialect::Draft4) {
        if let Some(members) = value.pointer_mut(&side.schemas.pointer(id)).and_then(Value::as_object_mut)
            && !members.contains_key("enum")
            && let Some(only) = members.get("const").cloned()
        {
            members.insert("enum".into(), json!([only]));
        }
    }
}
