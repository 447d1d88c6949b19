//! Promises about a contract's life: stability, deprecation, and that nothing vanishes before its sunset.

use std::collections::{BTreeMap, HashSet};

use eventc_model::{
    catalog::{Contract, ContractKind},
    diagnostic::{Diagnostic, Evidence, Place},
    metadata::{Deprecation, Metadata, Stability},
    schema::{FileId, NodeId},
    source::SETTINGS_FILE,
};

use super::{Gate, versions::PriorVersion};
use crate::rules::gate::{DELETED_BEFORE_SUNSET, RELEASE_REMOVED, STABILITY_WITHDRAWN, STABLE_ON_UNSTABLE, SUNSET_MOVED_UP};
use crate::{
    history,
    lint::{steps, targets},
};

/// Finds what is wrong with the life of a contract that is there.
pub(super) fn findings(gate: &Gate<'_>, contract: &Contract, versions: &[PriorVersion<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(sunset_moved_up(gate, contract, versions));
    found.extend(stability_withdrawn(gate, contract, versions));
    if contract.metadata.stability == Stability::Stable {
        found.extend(unstable_references(gate, contract));
        found.extend(unstable_reply(gate, contract));
    }
    found
}

fn at(gate: &Gate<'_>, contract: &Contract, pointer: &str) -> Place {
    gate.project.catalog.schemas.file(contract.file).place(pointer)
}

fn sunset_moved_up(gate: &Gate<'_>, contract: &Contract, versions: &[PriorVersion<'_>]) -> Option<Diagnostic> {
    let now = contract.metadata.deprecated.as_ref()?.sunset?;
    let announced = |earlier: &PriorVersion<'_>| earlier.metadata.deprecated.as_ref()?.sunset;
    let (earlier, before) = versions.iter().rev().find_map(|earlier| Some((earlier, announced(earlier)?)))?;
    if now >= before {
        return None;
    }
    let pointer = "/x-event/deprecated/sunset";
    let message = format!("the sunset of {} is {now}, and {} announced {before}", contract.topic, earlier.label);
    let finding = Diagnostic::new(&SUNSET_MOVED_UP, at(gate, contract, pointer), message);
    Some(finding.pointer(pointer).topic(contract.topic.clone()).help(format!("set it back to {before}, or to a later day")))
}

fn stability_withdrawn(gate: &Gate<'_>, contract: &Contract, versions: &[PriorVersion<'_>]) -> Option<Diagnostic> {
    let stable = versions.iter().rfind(|earlier| earlier.release.is_some()).or(versions.last()).filter(|earlier| earlier.is_stable())?;
    if contract.metadata.stability == Stability::Stable {
        return None;
    }
    let pointer = "/x-event/stability";
    let message = format!("{} was stable in {} and is unstable now", contract.topic, stable.label);
    let finding = Diagnostic::new(&STABILITY_WITHDRAWN, at(gate, contract, pointer), message);
    Some(finding.pointer(pointer).topic(contract.topic.clone()).help("keep it stable; a new major may be unstable"))
}

/// Returns every `$ref` by which a stable contract, or what it refers to, comes to an unstable file.
fn unstable_references(gate: &Gate<'_>, contract: &Contract) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if gate.unstable.is_empty() {
        return found;
    }
    let schemas = &gate.project.catalog.schemas;
    let mut seen = HashSet::from([contract.root]);
    let mut open = vec![contract.root];
    while let Some(id) = open.pop() {
        let Some(keywords) = schemas.keywords(id) else { continue };
        for target in targets(keywords) {
            let file = schemas.node(target).file;
            if file != contract.file && gate.unstable.contains(&file) {
                found.push(unstable_reference(gate, contract, id, file));
            } else if seen.insert(target) {
                open.push(target);
            }
        }
        open.extend(steps(keywords).into_iter().map(|(_, child)| child).filter(|child| seen.insert(*child)));
    }
    found
}

fn unstable_reference(gate: &Gate<'_>, contract: &Contract, from: NodeId, to: FileId) -> Diagnostic {
    let (place, pointer) = place_of(gate, from, "$ref");
    let message = format!("{} is stable and refers to {}, which is unstable", contract.topic, gate.project.catalog.schemas.file(to).path);
    let identity = format!("{}\u{1f}{pointer}", contract.topic);
    Diagnostic::new(&STABLE_ON_UNSTABLE, place, message)
        .pointer(pointer)
        .topic(contract.topic.clone())
        .help("make the other one stable, share what both need in a file that begins with `_`, or mark this one as unstable")
        .evidence(Evidence { identity, ..Evidence::default() })
}

/// Returns the place of a keyword of a subschema, and its pointer.
fn place_of(gate: &Gate<'_>, id: NodeId, keyword: &str) -> (Place, String) {
    let schemas = &gate.project.catalog.schemas;
    let pointer = format!("{}/{keyword}", schemas.pointer(id));
    (schemas.file(schemas.node(id).file).place(&pointer), pointer)
}

fn unstable_reply(gate: &Gate<'_>, contract: &Contract) -> Option<Diagnostic> {
    let catalog = &gate.project.catalog;
    let reply = catalog.reply(contract)?;
    if reply.metadata.stability == Stability::Stable {
        return None;
    }
    let pointer = "/x-event/reply";
    let message = format!("{} is stable, and its response {} is unstable", contract.topic, reply.topic);
    let finding = Diagnostic::new(&STABLE_ON_UNSTABLE, at(gate, contract, pointer), message);
    Some(finding.pointer(pointer).topic(contract.topic.clone()).help("make the response stable, or mark the request as unstable"))
}

/// Contracts that are gone although somebody may still rely on them.
pub(super) fn deleted(gate: &Gate<'_>) -> Vec<Diagnostic> {
    let catalog = &gate.project.catalog;
    let kept = history::majors(catalog);
    let mut found = Vec::new();
    for (key, major, release) in gate.project.history.newest() {
        if !kept.contains(&(key.to_owned(), major)) {
            let stated = Metadata::of_bundle(&release.schema);
            let in_baseline = gate.against.and_then(|earlier| {
                let index = gate.in_baseline.get(&(key.to_owned(), major))?;
                earlier.catalog.contracts[*index].metadata.deprecated.clone()
            });
            let deprecated = in_baseline.or(stated.deprecated);
            let what = format!("{} is gone, and {} was released on {}", release.topic, release.version, release.date);
            let gone = RemovedContract { topic: &release.topic, file: &release.file, what, stability: stated.stability, deprecated };
            found.extend(gone.finding(gate));
        }
    }
    found.extend(deleted_unreleased(gate, &kept));
    found
}

/// Returns what somebody may rely on, which is what the baseline has in a repository without releases.
fn deleted_unreleased(gate: &Gate<'_>, kept: &HashSet<(String, u32)>) -> Vec<Diagnostic> {
    let Some(earlier) = gate.against.filter(|_| gate.project.history.releases.is_empty()) else { return Vec::new() };
    let catalog = &earlier.catalog;
    let gone = catalog.contracts.iter().filter(|contract| contract.kind == ContractKind::Event);
    let gone = gone.filter(|contract| !kept.contains(&(history::key(catalog, contract), contract.major)));
    let finding = |contract: &Contract| {
        let what = format!("{} is gone, and {} has it", contract.topic, earlier.name);
        let (stability, deprecated) = (contract.metadata.stability, contract.metadata.deprecated.clone());
        let file = &*catalog.schemas.file(contract.file).shown;
        RemovedContract { topic: &contract.topic, file, what, stability, deprecated }.finding(gate)
    };
    gone.filter_map(finding).collect()
}

/// A contract without a file.
struct RemovedContract<'a> {
    topic: &'a str,
    file: &'a str,
    what: String,
    stability: Stability,
    deprecated: Option<Deprecation>,
}

impl RemovedContract<'_> {
    fn finding(self, gate: &Gate<'_>) -> Option<Diagnostic> {
        let sunset = self.deprecated.as_ref().and_then(|deprecated| deprecated.sunset);
        if self.stability == Stability::Unstable || sunset.zip(gate.today).is_some_and(|(sunset, today)| sunset < today) {
            return None;
        }
        let why = match (&self.deprecated, sunset) {
            (None, _) => "it was never deprecated".to_owned(),
            (Some(_), None) => "it has no sunset".to_owned(),
            (Some(_), Some(sunset)) => format!("its sunset is {sunset}"),
        };
        let consumers = gate.project.catalog.traffic.readers_of(self.topic, "");
        let evidence = Evidence { consumers, identity: self.topic.to_owned(), ..Evidence::default() };
        let finding = Diagnostic::new(&DELETED_BEFORE_SUNSET, Place::whole(self.file), format!("{}: {why}", self.what));
        let help = "restore its schema, deprecate it with a sunset, release that, and remove it after that day";
        Some(finding.topic(self.topic).help(help).evidence(evidence))
    }
}

/// Releases of the baseline that are gone or say something else now.
pub(super) fn removed_releases(gate: &Gate<'_>) -> Vec<Diagnostic> {
    let Some(earlier) = gate.against else { return Vec::new() };
    let history = &gate.project.history;
    let mut now: BTreeMap<String, &str> = BTreeMap::new();
    for (key, releases) in &history.releases {
        now.extend(releases.iter().map(|release| (format!("{key}/{}.json", release.version), &*release.text)));
    }
    now.extend(history.settings.iter().map(|(key, settings)| (format!("{key}/{SETTINGS_FILE}"), &*settings.text)));
    let folder = gate.project.catalog.config.releases.trim_end_matches('/');
    let finding = |(path, text): (&String, &std::sync::Arc<str>)| {
        let place = Place::whole(format!("{folder}/{path}"));
        let message = match now.get(path) {
            // Records of settings are added at the end.
            Some(now) if *now == &**text || (path.ends_with(SETTINGS_FILE) && now.starts_with(&**text)) => return None,
            Some(_) => format!("the release is not what {} has", earlier.name),
            None => format!("the release is gone, and {} has it", earlier.name),
        };
        Some(Diagnostic::new(&RELEASE_REMOVED, place, message).help("restore the file from version control"))
    };
    earlier.releases.iter().filter_map(finding).collect()
}
