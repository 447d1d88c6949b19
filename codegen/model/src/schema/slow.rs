//! Patterns that engines which backtrack may take very long for: generated code judges them by an automaton, which takes a step a character.

use std::collections::{BTreeMap, HashMap};

use eventc_pattern::automata::TextAutomaton;
use serde_json::Value;

use super::{Customs, Keywords, NodeId, Schemas, in_parallel};
use crate::{
    diagnostic::{self, Diagnostic},
    limits::Limits,
    syntax::escape_pointer,
};

/// All automata of a tree have room for so many of the largest size; one that is too large takes as much.
const MAX_AUTOMATA: usize = 20;

impl Schemas {
    /// Returns the automaton by which generated code is to judge a pattern in the words of ECMA-262; `None` where any engine is as good, and
    /// where a namespace leaves patterns to the engine of each language.
    pub fn automaton(&self, pattern: &str) -> Option<&TextAutomaton> {
        self.automata.get(pattern)
    }
}

/// Makes the automata of slow patterns, and reports those that have none.
pub(super) fn judge(schemas: &mut Schemas, customs: &Customs<'_>, limits: &Limits, diagnostics: &mut Vec<Diagnostic>) {
    let is_native = |id: &NodeId| (customs.native_patterns)(&schemas.file(id.file).path);
    let mut places: BTreeMap<&str, Vec<NodeId>> = BTreeMap::new();
    for id in schemas.ids().filter(|id| !is_native(id)) {
        for pattern in schemas.keywords(id).into_iter().flat_map(Keywords::patterns) {
            places.entry(pattern).or_default().push(id);
        }
    }
    let places: Vec<(&str, Vec<NodeId>)> = places.into_iter().collect();
    let slow = in_parallel(&places, &|_, (pattern, _)| is_slow(pattern));
    let mut automata = HashMap::default();
    let mut room = MAX_AUTOMATA * limits.automaton_states;
    for ((pattern, ids), _) in places.iter().zip(slow).filter(|(_, slow)| *slow) {
        let made = match room {
            0 => Err("the automata of other patterns leave it no room"),
            _ => TextAutomaton::of(pattern, limits.automaton_states),
        };
        room = room.saturating_sub(made.as_ref().map_or(limits.automaton_states, |automaton| automaton.next.len()));
        match made {
            Ok(automaton) => drop(automata.insert((*pattern).to_owned(), automaton)),
            Err(why) => diagnostics.extend(ids.iter().map(|id| unbounded(schemas, *id, pattern, why))),
        }
    }
    schemas.automata = automata;
}

fn is_slow(pattern: &str) -> bool {
    eventc_pattern::read(pattern).is_ok_and(|reading| reading.backtracking().is_slow())
}

fn unbounded(schemas: &Schemas, id: NodeId, pattern: &str, why: &str) -> Diagnostic {
    let (keywords, raw) = (schemas.keywords(id), schemas.raw(id));
    let index = keywords.and_then(|keywords| keywords.pattern_properties.iter().position(|(known, _)| known == pattern));
    let names = raw.get("patternProperties").and_then(Value::as_object);
    let name = index.filter(|_| keywords.is_some_and(|own| own.pattern.as_deref() != Some(pattern)));
    let (keyword, written) = match name.and_then(|index| names?.keys().nth(index)) {
        Some(key) => (format!("patternProperties/{}", escape_pointer(key)), key.as_str()),
        None => ("pattern".to_owned(), raw.get("pattern").and_then(Value::as_str).unwrap_or(pattern)),
    };
    let pointer = format!("{}/{keyword}", schemas.pointer(id));
    let place = schemas.file(id.file).place(&pointer);
    let message = format!("an engine that backtracks may take very long for {written:?}, and it has no automaton: {why}");
    Diagnostic::new(&diagnostic::UNBOUNDED_PATTERN, place, message)
        .pointer(pointer)
        .help("write it so that no text can pass a loop in two ways, or state `patterns = \"native\"` in the namespace")
}
