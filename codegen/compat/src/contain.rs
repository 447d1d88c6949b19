//! One question of containment: whether a document exists that the writer may send and the reader refuses.

use std::collections::{BTreeSet, HashSet};

use eventc_model::{
    schema::{Keywords, NodeId},
    types::tags,
};
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{
    CompareOptions, ContentModel, Direction, Side,
    formula::{Lit, Unsupported},
    lower::{Lowering, LoweringOptions, Store},
    solve::{Satisfiability, Solver},
    walk::{InstanceWalker, PlaceFacts, Refusal},
};

/// The number of steps that a query may take.
const STEPS: u64 = 300_000;

/// The answer to a question.
#[derive(Debug, Clone)]
pub(super) enum Containment {
    /// The reader accepts every document of the writer.
    Within,
    /// The reader refuses this document of the writer.
    Escapes(Value),
    /// Undecided, because of these.
    Unknown(BTreeSet<Unsupported>),
}

/// A query whether one schema contains another, both as formulas.
pub(super) struct ContainmentQuery<'a> {
    pub(super) store: Store,
    pub(super) writer: Lowering<'a>,
    pub(super) reader: Lowering<'a>,
    sides: [Side<'a>; 2],
    writer_lit: Lit,
    reader_lit: Lit,
}

impl<'a> ContainmentQuery<'a> {
    pub(super) fn new(writer: Side<'a>, reader: Side<'a>, direction: Direction, options: &'a CompareOptions) -> Self {
        let declares = options.content_model == ContentModel::Declared;
        let annotates = !options.asserts_formats();
        let writing = LoweringOptions { declares, annotates, ..LoweringOptions::default() };
        let closed = options.open_enums.then(|| tags(reader.schemas, reachable(reader)));
        let stamped = stamped(writer, direction, options);
        let reading = LoweringOptions { closed, annotates, ignored: &options.ignored, stamped, ..LoweringOptions::default() };
        Self::of(writer, reader, writing, reading)
    }

    /// Returns both schemas with all that they declare, to see whether anything changed but at the ignored places.
    pub(super) fn of_change(old: Side<'a>, new: Side<'a>, options: &'a CompareOptions) -> Self {
        let declaring = || LoweringOptions { declares: true, ignored: &options.ignored, ..LoweringOptions::default() };
        let stamped = stamped(old, Direction::Backward, options);
        Self::of(old, new, declaring(), LoweringOptions { stamped, ..declaring() })
    }

    fn of(writer: Side<'a>, reader: Side<'a>, writing: LoweringOptions<'a>, reading: LoweringOptions<'a>) -> Self {
        let mut query = Self {
            store: Store::default(),
            writer: Lowering::new(writer.schemas, writing),
            reader: Lowering::new(reader.schemas, reading),
            sides: [writer, reader],
            writer_lit: Lit::TRUE,
            reader_lit: Lit::TRUE,
        };
        query.writer_lit = query.writer.root(&mut query.store, writer.root);
        query.reader_lit = query.reader.root(&mut query.store, reader.root);
        query.store.formulas.merge_alike();
        query
    }

    /// Asks whether every document of the writer is accepted by the reader.
    pub(super) fn ask(&mut self) -> Containment {
        match Solver::new(&mut self.store, STEPS).solve(&[self.writer_lit, self.reader_lit.not()]) {
            Satisfiability::Empty => Containment::Within,
            Satisfiability::Value(value) => Containment::Escapes(value),
            Satisfiability::Unknown(unsupported) => Containment::Unknown(unsupported),
        }
    }

    /// Returns whether the writer may send a document, and whether the reader accepts it, by the formulas alone.
    pub(super) fn judge(&self, document: &Value) -> (Option<bool>, Option<bool>) {
        let sent = self.store.holds(self.writer_lit, document).map(|sent| sent && self.store.is_declared(&[self.writer_lit], document));
        (sent, self.store.holds(self.reader_lit, document))
    }

    /// Returns whether the writer's schema asks what an absent schema does.
    pub(super) fn asks_absent(&self) -> bool {
        self.store.formulas.asks_absent(self.writer_lit)
    }

    /// Returns the writer's schema.
    pub(super) fn writer_side(&self) -> Side<'a> {
        self.sides[0]
    }

    /// Returns the reader's schema.
    pub(super) fn reader_side(&self) -> Side<'a> {
        self.sides[1]
    }

    /// Returns the keywords that make the reader refuse a document.
    pub(super) fn refusals(&mut self, document: &Value) -> Vec<Refusal> {
        let (root, writer_root) = (self.reader_side().root, self.writer_side().root);
        let writer = &mut self.writer;
        let mut other = |store: &mut Store, instance: &str| {
            let speakers = InstanceWalker { lowering: writer, store, other: None }.speakers(writer_root, document, instance);
            let (scope, _) = writer.start(writer_root);
            let mut facts = PlaceFacts::default();
            for id in speakers {
                let lit = writer.formula(store, id, scope, 0);
                facts.parts.extend(store.formulas.parts(lit));
                facts.pointers.insert(writer.schemas.pointer(id));
            }
            facts
        };
        InstanceWalker { lowering: &mut self.reader, store: &mut self.store, other: Some(&mut other) }.refusals(root, document)
    }

    /// Makes these keywords of the reader demand nothing. Returns whether that changes anything.
    pub(super) fn ignore_keywords(&mut self, refusals: &[Refusal]) -> bool {
        let mut dropped = std::mem::take(&mut self.reader.reading.dropped);
        let before = dropped.len();
        dropped.extend(refusals.iter().map(|refusal| (refusal.node, refusal.keyword, refusal.name.clone())));
        let changed = dropped.len() > before;
        let reading = LoweringOptions { dropped, ..std::mem::take(&mut self.reader.reading) };
        self.reader = Lowering::new(self.reader_side().schemas, reading);
        let root = self.reader_side().root;
        self.reader_lit = self.reader.root(&mut self.store, root);
        self.store.formulas.merge_alike();
        changed
    }

    /// Returns whether both schemas say the same of every place, and declare the same.
    pub(super) fn is_unchanged(&self) -> bool {
        self.store.formulas.alike(self.writer_lit, self.reader_lit)
    }

    /// Returns whether both schemas declare properties of the same names, wherever that is.
    pub(super) fn declares_the_same(&self) -> bool {
        self.store.formulas.declared(self.writer_lit) == self.store.formulas.declared(self.reader_lit)
    }
}

/// Returns, for each schema of the reader that repeats its version, what the writer's says in its place.
fn stamped<'a>(writer: Side<'a>, direction: Direction, options: &CompareOptions) -> FxHashMap<NodeId, &'a Keywords> {
    let of_reader = |(old, new): &(NodeId, NodeId)| match direction {
        Direction::Backward => (*new, *old),
        Direction::Forward => (*old, *new),
    };
    options.stamps.iter().map(of_reader).filter_map(|(own, other)| Some((own, writer.schemas.keywords(other)?))).collect()
}

/// Returns every schema that may have a say in a document of a side.
fn reachable(side: Side<'_>) -> HashSet<NodeId> {
    let (mut seen, mut pending) = (HashSet::from([side.root]), vec![side.root]);
    while let Some(keywords) = pending.pop().map(|id| side.schemas.keywords(id)) {
        let next = keywords.into_iter().flat_map(|keywords| keywords.children().into_iter().chain(keywords.referred()));
        pending.extend(next.filter(|id| seen.insert(*id)));
    }
    seen
}
