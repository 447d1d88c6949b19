//! A contract as a page for a person.

use eventc_codegen::{project::Project, report::short};
use eventc_model::{catalog::Contract, diagnostic::Diagnostic, metadata::Deprecation, traffic::Consumer, types::Field};

use super::{fields, type_label};

pub(super) fn page(project: &Project, contract: &Contract, findings: &[&Diagnostic]) -> String {
    let catalog = &project.catalog;
    let keywords = catalog.schemas.keywords(contract.root);
    let mut text = format!("{}\n", contract.topic);
    if let Some(description) = keywords.and_then(|keywords| keywords.description.as_deref()) {
        text.push_str(&format!("{}\n", clean(description)));
    }
    text.push('\n');
    for (name, value) in facts(project, contract) {
        text.push_str(&format!("{name:<12} {}\n", clean(&value)));
    }
    section(&mut text, "Consumers", catalog.consumers(contract).iter().map(consumer));
    section(&mut text, "Fields", fields(project, contract).iter().map(|one| field(project, one)));
    let releases = project.history.of(catalog, contract).iter();
    section(&mut text, "Releases", releases.map(|release| format!("{}  {}", release.version, release.date)));
    section(&mut text, "Findings", findings.iter().map(|finding| short(finding)));
    text
}

fn facts(project: &Project, contract: &Contract) -> Vec<(&'static str, String)> {
    let catalog = &project.catalog;
    let facts = catalog.facts(contract);
    let stability = if facts.stability == eventc_model::metadata::Stability::Unstable { " (unstable)" } else { "" };
    let deprecated = facts.deprecated.map(Deprecation::words);
    let rows = [
        ("file", Some(catalog.schemas.file(contract.file).shown.to_string())),
        ("type", Some(contract.type_name.clone())),
        ("version", Some(format!("{}{stability}", facts.version))),
        ("deprecated", deprecated),
        ("owner", facts.owner.map(str::to_owned)),
        ("producers", Some(facts.producers.join(", ")).filter(|names| !names.is_empty())),
        ("key", facts.key.map(str::to_owned)),
        ("reply", facts.reply.map(str::to_owned)),
        ("broker", Some(facts.broker.as_str().to_owned())),
        ("exchange", facts.exchange),
        ("partitions", facts.partitions.map(|count| count.to_string())),
        ("replication", facts.replication.map(|count| count.to_string())),
        ("retention", facts.retention.map(|kept| kept.to_string())),
        ("lifetime", facts.ttl.map(|life| life.to_string())),
        ("priority", facts.priority.map(|priority| priority.to_string())),
        ("dead letters", facts.dead_letter.map(|policy| policy.topic.to_owned())),
        ("tags", Some(facts.tags.join(", ")).filter(|tags| !tags.is_empty())),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn consumer(consumer: &Consumer) -> String {
    let mut text = consumer.service.to_string();
    if let Some(function) = &consumer.function {
        text.push_str(&format!(" ({function})"));
    }
    for (name, value) in [("group", &consumer.group), ("queue", &consumer.queue)] {
        if let Some(value) = value {
            text.push_str(&format!(", {name} {value}"));
        }
    }
    if !consumer.reads.is_empty() {
        text.push_str(&format!(", reads {}", consumer.reads.join(" ")));
    }
    text
}

fn field(project: &Project, field: &Field) -> String {
    let mut text = format!("{}: {}", field.name, type_label(&project.types, &field.ty));
    if !field.required {
        text.push_str(", optional");
    }
    if let Some(class) = field.sensitive {
        text.push_str(&format!(", {}", class.as_str()));
    }
    if field.deprecated {
        text.push_str(", deprecated");
    }
    if let Some(description) = project.catalog.schemas.keywords(field.node).and_then(|keywords| keywords.description.as_deref()) {
        text.push_str(&format!("\n      {description}"));
    }
    text
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<_> = lines.collect();
    if !lines.is_empty() {
        text.push_str(&format!("\n{title}\n"));
        for line in lines {
            text.push_str(&format!("  {}\n", clean(&line)));
        }
    }
}

/// Returns text from a schema that cannot steer the reader's terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}
