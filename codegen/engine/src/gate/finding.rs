//! Breaks and open questions as findings, with a place, a way out and what proves them.

use eventc_model::{
    diagnostic::{Diagnostic, Evidence, Related},
    syntax::Document,
};

use crate::compat::{Break, Direction, Undecided};
use crate::rules::gate::UNDECIDED;

/// The other side of a finding's comparison.
pub(crate) struct Against<'a> {
    /// The versions that it concerns, as a list.
    pub(crate) versions: &'a str,
    /// The first of them, in a few words more.
    pub(crate) detail: &'a str,
}

/// Makes a finding that of an owner, also where another one has it at the same place.
pub(crate) fn owned(mut finding: Diagnostic, owner: &str) -> Diagnostic {
    if let Some(evidence) = &mut finding.evidence {
        evidence.identity = format!("{owner}\u{1f}{}", evidence.identity);
    }
    finding
}

/// Returns a break as a finding. Where the newer side says nothing of the place, `document` is its file.
pub(crate) fn of_break(found: &Break, document: &Document, against: &Against<'_>, consumers: Vec<String>) -> Diagnostic {
    let old_pointer = found.old.as_ref().map_or("", |old| old.pointer.as_str());
    let (place, pointer) = match &found.new {
        Some(new) => (new.place.clone(), new.pointer.as_str()),
        None => (document.place(old_pointer), old_pointer),
    };
    let related =
        found.old.as_ref().map(|old| Related { place: old.place.clone(), pointer: old.pointer.clone(), label: against.detail.to_owned() });
    let evidence = Evidence {
        witness: Some(found.witness.clone()),
        instance: found.instance.clone(),
        consumers,
        related,
        identity: found.fingerprint(),
    };
    let message = format!("{} (against {})", found.message, against.versions);
    Diagnostic::new(found.rule, place, message).pointer(pointer).help(found.help.clone()).evidence(evidence)
}

/// Returns an open question as a finding in the newer side's file.
pub(crate) fn of_undecided(found: &Undecided, document: &Document, versions: &str, consumers: Vec<String>) -> Diagnostic {
    let question = match found.direction {
        Direction::Backward => format!("whether the new version accepts all events of {versions}"),
        Direction::Forward => format!("whether {versions} accepts all events of the new version"),
    };
    let message = format!("{question} is not known: `{}`: {}", found.keyword, found.reason);
    let identity = format!("{:?}\u{1f}{}\u{1f}{}", found.direction, found.keyword, found.pointer);
    let place = found.place.clone().unwrap_or_else(|| document.place(&found.pointer));
    Diagnostic::new(&UNDECIDED, place, message)
        .pointer(found.pointer.clone())
        .help("say it in simpler words or split the change; where somebody looked at it, accept it by an `allow`")
        .evidence(Evidence { consumers, identity, ..Evidence::default() })
}
