//! One contract against its earlier versions: what broke, what is not known, and what the version should say.

use std::cell::OnceCell;

use eventc_model::{
    catalog::Contract,
    diagnostic::{Diagnostic, Level},
    metadata::Stability,
};
use semver::Version;
use serde_json::Value;

use super::{
    Gate,
    accept::ContractApprovals,
    consumers::{self, UnpromisedConsumers},
    finding::{self, Against},
    identifiers::Named,
    lifecycle, settings,
    version::{self, VersionCheck},
    versions::{self, PriorVersion},
};
use crate::rules::gate::UNDECIDED;
use crate::{
    bundle::bundle,
    compat::{Break, Bump, CompareOptions, Comparison, Side, Undecided, Verdict},
    release::same_promise,
    report::Change,
};

/// The facts about one contract.
#[derive(Debug, Default)]
pub(super) struct ContractFindings {
    pub(super) findings: Vec<Diagnostic>,
    pub(super) change: Option<Change>,
}

/// Returns the promise of a contract's namespace; `None` where it promises nothing.
pub(super) fn options(gate: &Gate<'_>, contract: &Contract) -> Option<CompareOptions> {
    CompareOptions::of(gate.project.catalog.namespace(contract))
}

/// Compares a contract with what came before it.
pub(super) fn judge(gate: &Gate<'_>, contract: &Contract) -> ContractFindings {
    let schema = OnceCell::new();
    let schema = || schema.get_or_init(|| bundle(&gate.project.catalog.schemas, contract.root));
    let changed = settings::findings(gate, contract);
    if changed.is_empty() && is_as_released(gate, contract, &schema) {
        return ContractFindings::default();
    }
    let versions = versions::of(gate, contract);
    let mut approvals = ContractApprovals::of(gate, contract);
    let mut judged = ContractFindings::default();
    judged.findings.extend(approvals.unaccepted(gate.project.catalog.config.leveled(changed)));
    let life = lifecycle::findings(gate, contract, &versions);
    judged.findings.extend(approvals.unaccepted(gate.project.catalog.config.leveled(life)));
    if !versions.is_empty() {
        ContractJudge { gate, contract, schema: schema().clone(), versions }.run(&mut approvals, &mut judged);
    }
    judged.findings.extend(gate.project.catalog.config.leveled(approvals.finish()));
    judged
}

/// Returns whether a contract says, of itself too, what its one release of this major says, and nothing else could be wrong with it. That
/// is so for nearly all contracts of a large tree.
fn is_as_released<'s>(gate: &Gate<'_>, contract: &Contract, schema: &impl Fn() -> &'s Value) -> bool {
    let catalog = &gate.project.catalog;
    let mut releases = gate.project.history.of_major(catalog, contract);
    let (Some(only), None) = (releases.next(), releases.next()) else { return false };
    // Both are whole: promise and `x-event`. A boolean schema has neither.
    gate.unstable.is_empty() && !gate.changed.contains(&contract.file) && contract.metadata.allow.is_empty() && *schema() == only.schema
}

/// The gate's opinion of a contract's version.
#[derive(Debug)]
pub struct Assessment {
    /// The version that the contract follows: its newest release. None where it was never released.
    pub base: Option<Version>,
    /// The step that the change since then needs, where what was accepted counts as new meaning.
    pub needed: Bump,
    /// Breaks and open questions that nobody accepted.
    pub findings: Vec<Diagnostic>,
}

/// Assesses what the change of a contract since its newest release needs.
pub(super) fn assess(gate: &Gate<'_>, contract: &Contract) -> Assessment {
    let versions = versions::of(gate, contract);
    let judge = ContractJudge { gate, contract, schema: bundle(&gate.project.catalog.schemas, contract.root), versions };
    let compared = judge.compare();
    let mut findings = ContractApprovals::of(gate, contract).unaccepted(gate.project.catalog.config.leveled(judge.found(&compared)));
    findings.retain(|finding| finding.level == Level::Error);
    let Some(base) = judge.base() else { return Assessment { base: None, needed: Bump::None, findings } };
    let same = same_promise(&base.schema, &judge.schema);
    let needed = if !findings.is_empty() {
        Bump::Major
    } else if same && version::metadata_of(&base.schema) != version::metadata_of(&judge.schema) {
        // What `x-event` says may be worth a release, such as a deprecation.
        Bump::Patch
    } else {
        judge.required(&compared, base, same, false)
    };
    Assessment { base: Some(base.version.clone()), needed, findings }
}

/// A contract, its bundled schema and its earlier versions.
struct ContractJudge<'g, 'a> {
    gate: &'g Gate<'a>,
    contract: &'g Contract,
    schema: Value,
    versions: Vec<PriorVersion<'a>>,
}

impl ContractJudge<'_, '_> {
    fn run(&self, approvals: &mut ContractApprovals<'_>, judged: &mut ContractFindings) {
        let compared = self.compare();
        let found = self.gate.project.catalog.config.leveled(self.found(&compared));
        let count = found.iter().filter(|finding| finding.level == Level::Error).count();
        let consumers = services(&found);
        let left = approvals.unaccepted(found);
        let broken = left.iter().filter(|finding| finding.level == Level::Error && finding.rule != &UNDECIDED).count();
        let undecided = left.iter().any(|finding| finding.level == Level::Error && finding.rule == &UNDECIDED);
        let version = self.version_finding(&compared, broken, undecided);
        judged.change = self.change(&compared, count, count - broken.min(count), consumers);
        judged.findings.extend(left);
        judged.findings.extend(approvals.unaccepted(self.gate.project.catalog.config.leveled(self.identifiers())));
        judged.findings.extend(approvals.unaccepted(self.gate.project.catalog.config.leveled(version.into_iter().collect())));
    }

    /// Returns the comparison with each earlier version that readers may rely on and that says something else, oldest first.
    fn compare(&self) -> Vec<(usize, Comparison)> {
        if self.contract.metadata.stability == Stability::Unstable {
            return Vec::new();
        }
        let promised = options(self.gate, self.contract);
        let unpromised = UnpromisedConsumers::of(&self.gate.project.catalog, self.contract);
        let newest = self.versions.iter().rposition(|earlier| earlier.release.is_some());
        let transitive = self.gate.project.catalog.namespace(self.contract).transitive;
        let counts = |index: usize, earlier: &PriorVersion<'_>| earlier.release.is_none() || transitive || Some(index) == newest;
        let mut compared: Vec<(usize, Comparison)> = Vec::new();
        for (index, earlier) in self.versions.iter().enumerate() {
            let same = |other: &Value| same_promise(&earlier.schema, other);
            if !counts(index, earlier) || !earlier.is_stable() || same(&self.schema) {
                continue;
            }
            let known = compared.iter().find(|(known, _)| same(&self.versions[*known].schema)).map(|(_, comparison)| comparison.clone());
            if let Some(comparison) = known.or_else(|| self.compare_with(earlier, promised.as_ref(), unpromised.as_ref())) {
                compared.push((index, comparison));
            }
        }
        compared
    }

    /// Returns what a namespace's promise and the services that read the contract ask; `None` where nobody asks anything.
    fn compare_with(
        &self,
        earlier: &PriorVersion<'_>,
        promised: Option<&CompareOptions>,
        unpromised: Option<&UnpromisedConsumers<'_>>,
    ) -> Option<Comparison> {
        let catalog = &self.gate.project.catalog;
        // A release that cannot be read is a finding of its own.
        let old = earlier.load()?;
        let compare = |options: &CompareOptions| {
            let new = Side { schemas: &catalog.schemas, root: self.contract.root };
            (self.gate.compare)(old.side(), new, options)
        };
        let promised = promised.map(&compare);
        let read = unpromised.map(|consumers| consumers.concern(compare(&UnpromisedConsumers::options(catalog, self.contract))));
        promised.into_iter().chain(read).reduce(Comparison::and)
    }

    /// Returns every break and every open question, each once, with the versions that it concerns.
    fn found(&self, compared: &[(usize, Comparison)]) -> Vec<Diagnostic> {
        let mut breaks: Vec<(&Break, Vec<usize>)> = Vec::new();
        let mut open: Vec<(&Undecided, Vec<usize>)> = Vec::new();
        for (index, comparison) in compared {
            for one in comparison.found() {
                // One place may break for several reasons.
                let same = |known: &Break| (known.fingerprint(), &known.message) == (one.fingerprint(), &one.message);
                match breaks.iter_mut().find(|(known, _)| same(known)) {
                    Some((_, versions)) => versions.push(*index),
                    None => breaks.push((one, vec![*index])),
                }
            }
            for one in &comparison.undecided {
                let same =
                    |known: &Undecided| (known.direction, &known.keyword, &known.pointer) == (one.direction, &one.keyword, &one.pointer);
                match open.iter_mut().find(|(known, _)| same(known)) {
                    Some((_, versions)) => versions.push(*index),
                    None => open.push((one, vec![*index])),
                }
            }
        }
        let breaks = breaks.into_iter().map(|(found, versions)| self.broken(found, &versions));
        breaks.chain(open.into_iter().map(|(found, versions)| self.undecided(found, &versions))).collect()
    }

    /// Finds what generated code calls otherwise than at the newest release that readers may rely on.
    fn identifiers(&self) -> Vec<Diagnostic> {
        let base = self.base().filter(|base| base.is_stable() && !same_promise(&base.schema, &self.schema));
        let Gate { project, outputs, .. } = self.gate;
        let named = Named { project, outputs, file: self.contract.file, topic: &self.contract.topic };
        base.map(|base| named.findings(&base.label, &base.schema, &self.schema)).unwrap_or_default()
    }

    fn broken(&self, found: &Break, versions: &[usize]) -> Diagnostic {
        let catalog = &self.gate.project.catalog;
        let document = catalog.schemas.file(self.contract.file);
        let consumers = consumers::concerned(catalog, self.contract, found);
        let mut labels = self.labels(versions);
        if found.new.as_ref().is_some_and(|new| new.place.file != document.shown) {
            // A shared definition breaks every contract that uses it.
            labels = format!("{labels} of {}", self.contract.topic);
        }
        let against = Against { versions: &labels, detail: &self.versions[versions[0]].detail };
        self.own(finding::of_break(found, document, &against, consumers))
    }

    fn undecided(&self, found: &Undecided, versions: &[usize]) -> Diagnostic {
        let catalog = &self.gate.project.catalog;
        let consumers = catalog.readers(self.contract, "");
        let document = catalog.schemas.file(self.contract.file);
        self.own(finding::of_undecided(found, document, &self.labels(versions), consumers))
    }

    /// Returns the finding as one of this contract, also where another one has it at the same place.
    fn own(&self, finding: Diagnostic) -> Diagnostic {
        finding::owned(finding, &self.contract.topic).topic(self.contract.topic.clone())
    }

    fn labels(&self, versions: &[usize]) -> String {
        versions.iter().map(|index| self.versions[*index].label.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Returns the version that the contract follows: its newest release or, in a repository without releases, the baseline.
    fn base(&self) -> Option<&PriorVersion<'_>> {
        let newest = self.versions.iter().rfind(|earlier| earlier.release.is_some());
        newest.or_else(|| self.versions.last().filter(|_| self.gate.project.history.releases.is_empty()))
    }

    /// Finds what is wrong with the version, if anything. Breaks that are left ask for a new major, whatever it says.
    fn version_finding(&self, compared: &[(usize, Comparison)], broken: usize, undecided: bool) -> Option<Diagnostic> {
        if broken > 0 {
            let against = compared.iter().find(|(_, comparison)| comparison.found().next().is_some());
            let against = against.map_or("an earlier version", |(index, _)| self.versions[*index].label.as_str());
            return Some(version::needs_major(self.gate, self.contract, against, broken));
        }
        let stated = VersionCheck { gate: self.gate, contract: self.contract, schema: &self.schema, base: self.base()? };
        stated.finding(self.required(compared, stated.base, stated.is_same(), undecided))
    }

    /// Returns the step that the change needs, within the major: accepted breaks count as new meaning.
    fn required(&self, compared: &[(usize, Comparison)], base: &PriorVersion<'_>, same: bool, undecided: bool) -> Bump {
        if same {
            return Bump::None;
        }
        let comparison = compared.iter().find(|(index, _)| self.versions[*index].label == base.label).map(|(_, comparison)| comparison);
        match comparison.map(|comparison| comparison.required_bump) {
            // Without a promise any step will do.
            None | Some(Bump::None) => Bump::Patch,
            // The open question is the finding to answer first.
            Some(Bump::Major) if undecided => Bump::Patch,
            Some(Bump::Major) => Bump::Minor,
            Some(bump) => bump,
        }
    }

    fn change(&self, compared: &[(usize, Comparison)], findings: usize, accepted: usize, consumers: Vec<String>) -> Option<Change> {
        let base = self.base().or(self.versions.last())?;
        if same_promise(&base.schema, &self.schema) && findings == 0 {
            return None;
        }
        let worst = compared.iter().map(|(_, comparison)| comparison.verdict).max_by_key(|verdict| match verdict {
            Verdict::Compatible => 0,
            Verdict::Undecided => 1,
            Verdict::Incompatible => 2,
        });
        let needed = compared.iter().map(|(_, comparison)| comparison.required_bump).max().unwrap_or(Bump::Patch);
        Some(Change {
            topic: self.contract.topic.clone(),
            file: self.gate.project.catalog.schemas.file(self.contract.file).shown.clone(),
            from: base.version.to_string(),
            to: self.contract.version.to_string(),
            verdict: worst,
            required_bump: needed,
            findings,
            accepted,
            consumers,
        })
    }
}

fn services(findings: &[Diagnostic]) -> Vec<String> {
    let all = findings.iter().filter_map(|finding| finding.evidence.as_ref()).flat_map(|evidence| evidence.consumers.iter().cloned());
    all.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
