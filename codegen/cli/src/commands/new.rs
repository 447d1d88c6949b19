//! `eventc new`

use anyhow::{Result, anyhow};
use eventc_codegen::{output, project::Project};
use eventc_model::{
    catalog::ContractKind,
    config::{Case, Namespace},
    text::display_path,
};
use serde_json::{Value, json};

use crate::{context::CommandContext, status::Status};

/// Write a starter for a new contract where its topic says that it belongs
///
/// Owner and producers are those that most contracts of the same domain have. An existing file is never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc new omninode.codegen.request.format.v1
  eventc new cauldron/operations/invoice/created")]
pub(crate) struct Args {
    /// The topic of the new event, or its path below the schema root
    key: String,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let project = context.project(None)?;
    let place = place(&project, &args.key)?;
    if let Some(taken) = project.catalog.find(&place.path()) {
        return Err(anyhow!("{} exists already", project.catalog.schemas.file(taken.file).shown));
    }
    let root = project.base.join(&project.catalog.config.schemas);
    output::create_below(&root, &place.path(), &format!("{:#}\n", starter(&project, &place)))?;
    context.console.print(&format!("{}\n", display_path(&root.join(place.path()))))?;
    context.console.note("write its properties and examples, then run `eventc lint`\n");
    Ok(Status::Clean)
}

/// The place of a contract.
#[derive(Debug, PartialEq, Eq)]
struct ContractPath {
    namespace: usize,
    prefix: String,
    parts: Vec<String>,
    major: u32,
}

impl ContractPath {
    fn path(&self) -> String {
        format!("{}{}.v{}.json", self.prefix, self.parts.join("/"), self.major)
    }
}

fn place(project: &Project, key: &str) -> Result<ContractPath> {
    let namespaces = || project.catalog.config.namespace.iter().enumerate();
    let found = if key.contains('/') {
        // Of two namespaces whose roots hold the path, the longer root counts.
        let holding = namespaces().filter(|(_, namespace)| key.starts_with(&namespace.prefix()));
        holding.max_by_key(|(_, namespace)| namespace.prefix().len()).map(|(index, namespace)| by_path(index, namespace, key))
    } else {
        namespaces().find_map(|(index, namespace)| by_topic(index, namespace, key))
    };
    let place = found.ok_or_else(|| {
        let conventions: Vec<_> = namespaces()
            .flat_map(|(_, namespace)| namespace.topics.iter().map(move |topic| format!("  {}: {topic}", namespace.name)))
            .collect();
        anyhow!("{key:?} fits the convention of no namespace:\n{}", conventions.join("\n"))
    })?;
    let plain =
        |part: &String| !part.is_empty() && part != "." && part != ".." && !part.starts_with('_') && !part.contains(['\\', ':', '\0']);
    if place.parts.is_empty() || !place.parts.iter().all(plain) {
        return Err(anyhow!("{key:?} names no file below the schema root"));
    }
    Ok(place)
}

fn by_path(index: usize, namespace: &Namespace, key: &str) -> ContractPath {
    let rest = key[namespace.prefix().len()..].trim_end_matches(".json");
    let (rest, major) = split_major(rest);
    ContractPath {
        namespace: index,
        prefix: namespace.prefix(),
        parts: rest.split('/').map(str::to_owned).collect(),
        major: major.unwrap_or(1),
    }
}

/// Returns the place that gives exactly this topic, by the namespace's first pattern that does.
fn by_topic(index: usize, namespace: &Namespace, topic: &str) -> Option<ContractPath> {
    let (rest, major) = split_major(topic);
    let major = major.unwrap_or(1);
    let head = format!("{}.", namespace.name);
    let candidates = [rest.strip_prefix(&head), Some(rest)].into_iter().flatten();
    let parts = candidates.map(|rest| rest.split('.').collect::<Vec<_>>()).find(|parts| {
        if namespace.topics.is_empty() {
            return namespace.name.is_empty();
        }
        let pattern = namespace.topics.iter().find(|pattern| pattern.fits(parts));
        pattern.is_some_and(|pattern| pattern.topic(&namespace.name, parts, major) == topic)
    })?;
    Some(ContractPath { namespace: index, prefix: namespace.prefix(), parts: parts.into_iter().map(str::to_owned).collect(), major })
}

/// Splits a name from its major: `a.v2` is `a` and 2.
fn split_major(text: &str) -> (&str, Option<u32>) {
    let split = text.rsplit_once(".v").and_then(|(rest, major)| Some((rest, major.parse().ok().filter(|major| *major > 0)?)));
    split.map_or((text, None), |(rest, major)| (rest, Some(major)))
}

fn starter(project: &Project, place: &ContractPath) -> Value {
    let neighbours: Vec<_> = project
        .catalog
        .contracts
        .iter()
        .filter(|contract| {
            let domain = place.parts.first().map(String::as_str);
            contract.kind == ContractKind::Event && contract.namespace == place.namespace && Some(contract.domain()) == domain
        })
        .collect();
    let owner = usual(neighbours.iter().filter_map(|contract| contract.metadata.owner.clone()));
    let producers = usual(neighbours.iter().map(|contract| contract.metadata.producers.clone()).filter(|producers| !producers.is_empty()));
    let mut event = json!({ "version": format!("{}.0.0", place.major), "stability": "unstable" });
    event["owner"] = owner.map_or_else(|| "a name under [owners]".into(), Value::from);
    event["producers"] = producers.map_or_else(|| json!(["a name under [services]"]), Value::from);
    let (id, name) = match project.catalog.config.namespace[place.namespace].property_case {
        Case::Camel => ("entityId", "displayName"),
        Case::Pascal => ("EntityId", "DisplayName"),
        Case::Kebab => ("entity-id", "display-name"),
        Case::Any | Case::Snake => ("entity_id", "display_name"),
    };
    event["key"] = format!("/{id}").into();
    let title = place.parts.iter().skip(1).map(|part| part.replace(['_', '-'], " ")).collect::<Vec<_>>().join(" ");
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "A starter by `eventc new`. Say what happened in `title` and `description`, replace the properties and the examples \
                     by your own, set `stability` to stable when readers may rely on it, then take this comment out.",
        "title": if title.is_empty() { place.parts.join(" ") } else { title },
        "description": "Announces that something happened: say what, to whom and why a reader would care.",
        "x-event": event,
        "type": "object",
        "properties": {
            id: {
                "$comment": "`key` in x-event points here: events with the same value stay in order. Shapes that several events share \
                             belong into a file that begins with `_`, and are used by `$ref`.",
                "description": "Identifies what the event is about.",
                "type": "string",
                "minLength": 1,
            },
            name: {
                "$comment": "Not in `required`, so a sender may leave it out. Personal data is marked by `x-sensitive`: pii, secret or \
                             confidential.",
                "description": "What people call it.",
                "type": "string",
            },
        },
        "required": [id],
        "examples": [{ id: "a1b2c3", name: "First" }, { id: "d4e5f6" }],
    })
}

/// Returns the most frequent value, the first of several.
fn usual<T: Ord + Clone>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts = std::collections::BTreeMap::<T, usize>::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(value, _)| value)
}
