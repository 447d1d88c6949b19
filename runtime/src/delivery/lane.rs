//! The events of a partition or queue that are held, in the order in which they came.

use std::collections::{HashSet, VecDeque};

use super::{Delivery, Policy, Transport};

const FIRST_REST_MS: u64 = 1_000;
const MAX_REST_MS: u64 = 30_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Queued,
    Running,
    /// For its next attempt.
    Waiting,
    Sending,
    /// Until it is sent again.
    Resting,
    Stuck,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) delivery: Delivery,
    pub(super) attempt: u32,
    pub(super) state: State,
    /// Whether nothing behind it may begin.
    pub(super) is_held: bool,
    pub(super) is_late: bool,
    pub(super) due: Option<u64>,
    /// Whether what is sent is a dead letter.
    pub(super) goes_aside: bool,
    rest: u64,
    /// Its place among all that ever came.
    number: u64,
}

impl Entry {
    /// Returns how long it rests until it is sent again, longer each time.
    pub(super) fn next_rest(&mut self) -> u64 {
        let rest = self.rest;
        self.rest = rest.saturating_mul(2).min(MAX_REST_MS);
        rest
    }
}

#[derive(Debug, Default)]
pub(super) struct Lane {
    pub(super) entries: Vec<Entry>,
    /// Names and offsets of what was read and not yet committed.
    read: VecDeque<(String, u64)>,
    finished: HashSet<String>,
    pub(super) is_paused: bool,
    came: u64,
}

impl Lane {
    pub(super) fn add(&mut self, delivery: Delivery) {
        self.read.push_back((delivery.id.clone(), delivery.offset));
        self.came += 1;
        let (attempt, number) = (delivery.attempt, self.came);
        let (state, rest) = (State::Queued, FIRST_REST_MS);
        self.entries.push(Entry { delivery, attempt, state, is_held: false, is_late: false, due: None, goes_aside: false, rest, number });
    }

    /// Takes an event out that is in a state.
    pub(super) fn take(&mut self, id: &str, state: State) -> Option<Entry> {
        let place = self.entries.iter().position(|entry| entry.delivery.id == id && entry.state == state)?;
        Some(self.entries.remove(place))
    }

    /// Puts an event back to where it was taken from.
    pub(super) fn put_back(&mut self, entry: Entry) {
        let place = self.entries.partition_point(|other| other.number < entry.number);
        self.entries.insert(place, entry);
    }

    /// Ends an event, and returns the offset that may be committed by now.
    pub(super) fn finish(&mut self, id: &str) -> Option<u64> {
        self.finished.insert(id.to_owned());
        let mut passed = None;
        while let Some((first, offset)) = self.read.front() {
            if !self.finished.remove(first) {
                break;
            }
            passed = Some(offset + 1);
            self.read.pop_front();
        }
        passed
    }

    /// Takes the event out that may begin, if one may.
    pub(super) fn next(&mut self, policy: &Policy) -> Option<Entry> {
        if policy.holds() && self.entries.iter().any(|entry| entry.is_held) {
            return None;
        }
        let running = || self.entries.iter().filter(|entry| entry.state == State::Running);
        if running().count() >= policy.at_once() {
            return None;
        }
        let mut keys: HashSet<&str> = running().filter_map(|entry| entry.delivery.key.as_deref()).collect();
        let may_begin = |entry: &Entry, keys: &HashSet<&str>| {
            let is_free = policy.transport == Transport::Rabbitmq || entry.delivery.key.as_deref().is_none_or(|key| !keys.contains(key));
            entry.state == State::Queued && is_free
        };
        let place = self.entries.iter().position(|entry| {
            let begins = may_begin(entry, &keys);
            keys.extend(entry.delivery.key.as_deref());
            begins
        })?;
        Some(self.entries.remove(place))
    }
}
