//! What becomes of events that were received: the policy of `docs/delivery.md`, as a machine without a clock, a broker or a thread.
//!
//! An engine tells the machine what happened and does what it answers; between two calls it may wait until [`Deliveries::wake`]. All
//! times are milliseconds from any one moment on.
//!
//! ```
//! use eventc::delivery::{Action, Deliveries, Delivery, Outcome, Policy, Transport};
//!
//! let mut deliveries = Deliveries::new(Policy::new(Transport::Kafka, "search-indexing"));
//! let event = Delivery { offset: 41, ..Delivery::new("0/41") };
//! assert_eq!(deliveries.receive(0, event), [Action::Handle { id: "0/41".into(), attempt: 1 }]);
//! let waits = deliveries.ended(20, "0/41", Outcome::Failed);
//! assert_eq!(waits, [Action::Wait { id: "0/41".into(), until: 1_020 }, Action::Pause { partition: 0 }]);
//! assert_eq!(deliveries.advance(1_020), [Action::Handle { id: "0/41".into(), attempt: 2 }]);
//! let done = deliveries.ended(1_030, "0/41", Outcome::Done);
//! assert_eq!(done, [Action::Commit { partition: 0, offset: 42 }, Action::Resume { partition: 0 }]);
//! ```

mod dead_letter;
mod lane;
mod policy;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use self::lane::{Entry, Lane, State};
pub use self::{
    dead_letter::{ATTEMPT, DEAD_LETTER, REDRIVE, dead_letter_headers},
    policy::{Order, Policy, Transport},
    vocabulary::{Action, Count, Delivery, Outcome, Problem},
};

/// The deliveries of one consumer, from their arrival to their end.
#[derive(Debug)]
pub struct Deliveries {
    policy: Policy,
    lanes: BTreeMap<u32, Lane>,
    actions: Vec<Action>,
    released: Vec<String>,
    stopping: Option<u64>,
    is_closed: bool,
    counts: BTreeMap<Count, u64>,
}

impl Deliveries {
    /// Creates a consumer that has received nothing.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            lanes: BTreeMap::new(),
            actions: Vec::new(),
            released: Vec::new(),
            stopping: None,
            is_closed: false,
            counts: BTreeMap::new(),
        }
    }

    /// Returns the time at which [`Deliveries::advance`] has something to do.
    pub fn wake(&self) -> Option<u64> {
        let stopping = self.stopping.filter(|_| !self.is_closed);
        self.entries().filter_map(|entry| entry.due).chain(stopping).min()
    }

    /// Returns how many events are held.
    pub fn in_flight(&self) -> usize {
        self.lanes.values().map(|lane| lane.entries.len()).sum()
    }

    /// Returns what was counted; nothing of what never happened.
    pub fn counts(&self) -> &BTreeMap<Count, u64> {
        &self.counts
    }

    /// Returns what a person should look at; empty while all is well.
    pub fn problems(&self) -> BTreeSet<Problem> {
        let of = |entry: &Entry| {
            let is_endless = !self.policy.has_dead_letters && entry.attempt > self.policy.retries.saturating_add(1);
            let found = [
                (entry.is_late, Problem::Late),
                (entry.state == State::Stuck || is_endless, Problem::Stuck),
                (entry.state == State::Resting, Problem::Unsent),
            ];
            found.into_iter().filter_map(|(is_so, problem)| is_so.then_some(problem))
        };
        self.entries().flat_map(of).collect()
    }

    /// Returns the events that ended since this was asked last, however they did; nothing more is said of them.
    pub fn released(&mut self) -> Vec<String> {
        std::mem::take(&mut self.released)
    }

    /// Takes an event over from the broker.
    pub fn receive(&mut self, now: u64, delivery: Delivery) -> Vec<Action> {
        if self.is_closed {
            self.released.push(delivery.id);
            return Vec::new();
        }
        self.count(Count::Received);
        if self.stopping.is_none() {
            self.lanes.entry(delivery.partition).or_default().add(delivery);
        } else {
            self.released.push(delivery.id.clone());
            if self.policy.transport == Transport::Rabbitmq {
                self.actions.push(Action::Requeue { id: delivery.id });
            }
        }
        self.said(now)
    }

    /// Takes what a handler made of an event.
    pub fn ended(&mut self, now: u64, id: &str, outcome: Outcome) -> Vec<Action> {
        let Some((partition, mut entry)) = self.take(id, State::Running) else { return Vec::new() };
        (entry.is_late, entry.due) = (false, None);
        match outcome {
            Outcome::Done => self.finish(partition, &entry, Count::Handled),
            Outcome::Duplicate => self.finish(partition, &entry, Count::Duplicates),
            Outcome::Rejected => {
                self.count(Count::Rejected);
                self.set_aside(&mut entry);
                self.put_back(partition, entry);
            }
            Outcome::Failed => {
                self.count(Count::Failed);
                self.fail(now, partition, entry);
            }
        }
        self.said(now)
    }

    /// Takes the broker's word that it has what was sent.
    pub fn sent(&mut self, now: u64, id: &str) -> Vec<Action> {
        let Some((partition, entry)) = self.take(id, State::Sending) else { return Vec::new() };
        self.finish(partition, &entry, if entry.goes_aside { Count::SetAside } else { Count::Retried });
        self.said(now)
    }

    /// Takes that the broker did not take what was sent: it is sent again later, and nothing is acknowledged before.
    pub fn unsent(&mut self, now: u64, id: &str) -> Vec<Action> {
        let Some((partition, mut entry)) = self.take(id, State::Sending) else { return Vec::new() };
        self.count(Count::Unsent);
        if self.stopping.is_some() {
            self.give_back(&entry);
        } else {
            let until = now.saturating_add(entry.next_rest());
            self.wait(&mut entry, State::Resting, until);
            self.put_back(partition, entry);
        }
        self.said(now)
    }

    /// Takes that partitions are somebody else's now: what is not finished is dropped, and nothing of it committed.
    pub fn revoke(&mut self, now: u64, partitions: impl IntoIterator<Item = u32>) -> Vec<Action> {
        self.let_go(partitions);
        self.said(now)
    }

    /// Takes that the connection is gone: the broker delivers again what was not acknowledged.
    pub fn lose(&mut self, now: u64) -> Vec<Action> {
        self.let_go(self.partitions());
        self.said(now)
    }

    /// Begins to shut down: what runs may end, until the deadline; nothing begins.
    pub fn stop(&mut self, now: u64, deadline_ms: u64) -> Vec<Action> {
        if self.stopping.is_none() {
            self.stopping = Some(now.saturating_add(deadline_ms));
            let goes = |entry: &mut Entry| !matches!(entry.state, State::Running | State::Sending);
            let idle: Vec<Entry> = self.lanes.values_mut().flat_map(|lane| lane.entries.extract_if(.., goes)).collect();
            for entry in &idle {
                self.give_back(entry);
            }
        }
        self.said(now)
    }

    /// Does what is due.
    pub fn advance(&mut self, now: u64) -> Vec<Action> {
        let mut due: Vec<(u64, String, State)> = self
            .entries()
            .filter_map(|entry| Some((entry.due.filter(|due| *due <= now)?, entry.delivery.id.clone(), entry.state)))
            .collect();
        due.sort_by_key(|(due, ..)| *due);
        for (_, id, state) in due {
            if let Some((partition, mut entry)) = self.take(&id, state) {
                self.wake_up(now, &mut entry);
                self.put_back(partition, entry);
            }
        }
        if self.stopping.is_some_and(|deadline| deadline <= now) && !self.is_closed {
            self.let_go(self.partitions());
        }
        self.said(now)
    }

    fn wake_up(&mut self, now: u64, entry: &mut Entry) {
        entry.due = None;
        match entry.state {
            State::Running => {
                (entry.is_late, entry.is_held) = (true, true);
                self.count(Count::Late);
                self.actions.push(Action::Cancel { id: entry.delivery.id.clone() });
            }
            State::Waiting => self.run(now, entry),
            State::Resting => self.send(entry),
            State::Queued | State::Sending | State::Stuck => {}
        }
    }

    fn fail(&mut self, now: u64, partition: u32, mut entry: Entry) {
        // Without a place for dead letters, the only way on is another attempt.
        if entry.attempt > self.policy.retries && self.policy.has_dead_letters {
            self.set_aside(&mut entry);
            return self.put_back(partition, entry);
        }
        let until = now.saturating_add(self.policy.backoff(entry.attempt));
        entry.attempt = entry.attempt.saturating_add(1);
        if !self.policy.holds() {
            entry.goes_aside = false;
            self.send(&mut entry);
        } else if self.stopping.is_some() {
            return self.give_back(&entry);
        } else {
            self.count(Count::Retried);
            self.wait(&mut entry, State::Waiting, until);
        }
        self.put_back(partition, entry);
    }

    fn set_aside(&mut self, entry: &mut Entry) {
        entry.is_held = true;
        if self.policy.has_dead_letters {
            entry.goes_aside = true;
            self.send(entry);
        } else {
            entry.state = State::Stuck;
        }
    }

    fn send(&mut self, entry: &mut Entry) {
        entry.state = State::Sending;
        let (id, attempt) = (entry.delivery.id.clone(), entry.attempt);
        let earlier = attempt.saturating_sub(1);
        self.actions.push(if entry.goes_aside {
            Action::SetAside { id, retries: earlier }
        } else {
            Action::SendAgain { id, attempt, wait_ms: self.policy.backoff(earlier) }
        });
    }

    fn wait(&mut self, entry: &mut Entry, state: State, until: u64) {
        (entry.state, entry.due, entry.is_held) = (state, Some(until), true);
        self.actions.push(Action::Wait { id: entry.delivery.id.clone(), until });
    }

    fn run(&mut self, now: u64, entry: &mut Entry) {
        entry.state = State::Running;
        entry.due = self.policy.timeout_ms.map(|timeout| now.saturating_add(timeout));
        self.actions.push(Action::Handle { id: entry.delivery.id.clone(), attempt: entry.attempt });
    }

    /// Ends an event that was taken out of its lane.
    fn finish(&mut self, partition: u32, entry: &Entry, count: Count) {
        self.count(count);
        self.released.push(entry.delivery.id.clone());
        let passed = self.lanes.get_mut(&partition).and_then(|lane| lane.finish(&entry.delivery.id));
        match (self.policy.transport, passed) {
            (Transport::Rabbitmq, _) => self.actions.push(Action::Acknowledge { id: entry.delivery.id.clone() }),
            (Transport::Kafka, Some(offset)) => self.actions.push(Action::Commit { partition, offset }),
            (Transport::Kafka, None) => {}
        }
    }

    /// Lets go of an event while shutting down.
    fn give_back(&mut self, entry: &Entry) {
        self.released.push(entry.delivery.id.clone());
        match self.policy.transport {
            Transport::Rabbitmq => self.actions.push(Action::Requeue { id: entry.delivery.id.clone() }),
            Transport::Kafka if entry.state == State::Queued => {}
            Transport::Kafka => self.forget(entry),
        }
    }

    fn let_go(&mut self, partitions: impl IntoIterator<Item = u32>) {
        for partition in partitions {
            for entry in self.lanes.remove(&partition).unwrap_or_default().entries {
                self.released.push(entry.delivery.id.clone());
                if entry.state == State::Running && !entry.is_late {
                    self.actions.push(Action::Cancel { id: entry.delivery.id.clone() });
                }
                if entry.state != State::Queued {
                    self.forget(&entry);
                }
            }
        }
    }

    fn forget(&mut self, entry: &Entry) {
        self.count(Count::Dropped);
        self.actions.push(Action::Drop { id: entry.delivery.id.clone() });
    }

    fn begin(&mut self, now: u64, partition: u32, mut entry: Entry) {
        let Delivery { redrive, is_decodable, type_name, .. } = &entry.delivery;
        let is_elsewhere = redrive.as_ref().is_some_and(|group| *group != self.policy.group);
        let is_handled = |types: &BTreeSet<String>| type_name.as_ref().is_some_and(|name| types.contains(name));
        if is_elsewhere {
            return self.finish(partition, &entry, Count::Elsewhere);
        }
        if !is_decodable {
            self.count(Count::Undecodable);
            self.set_aside(&mut entry);
        } else if !self.policy.handles.as_ref().is_none_or(is_handled) {
            return self.finish(partition, &entry, Count::Unhandled);
        } else {
            self.run(now, &mut entry);
        }
        self.put_back(partition, entry);
    }

    /// Begins what may begin, and returns everything that is to be done.
    fn said(&mut self, now: u64) -> Vec<Action> {
        if self.stopping.is_none() {
            for partition in self.partitions() {
                while let Some(entry) = self.lanes.get_mut(&partition).and_then(|lane| lane.next(&self.policy)) {
                    self.begin(now, partition, entry);
                }
            }
            self.read_on();
        } else if !self.is_closed && self.in_flight() == 0 {
            self.is_closed = true;
            self.actions.push(Action::Close);
        }
        std::mem::take(&mut self.actions)
    }

    /// Pauses partitions of which nothing more can be handled, and resumes the others.
    fn read_on(&mut self) {
        if self.policy.transport != Transport::Kafka {
            return;
        }
        let is_full = self.in_flight() >= self.policy.bound.max(1);
        for (&partition, lane) in &mut self.lanes {
            let is_paused = is_full || lane.entries.iter().any(|entry| entry.is_held);
            if is_paused != lane.is_paused {
                lane.is_paused = is_paused;
                self.actions.push(if is_paused { Action::Pause { partition } } else { Action::Resume { partition } });
            }
        }
    }

    fn partitions(&self) -> Vec<u32> {
        self.lanes.keys().copied().collect()
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.lanes.values().flat_map(|lane| &lane.entries)
    }

    /// Takes an event out of its lane that is in a state.
    fn take(&mut self, id: &str, state: State) -> Option<(u32, Entry)> {
        self.lanes.iter_mut().find_map(|(&partition, lane)| Some((partition, lane.take(id, state)?)))
    }

    /// Puts an event back to where it was taken from.
    fn put_back(&mut self, partition: u32, entry: Entry) {
        self.lanes.entry(partition).or_default().put_back(entry);
    }

    fn count(&mut self, what: Count) {
        *self.counts.entry(what).or_default() += 1;
    }
}
