//! The steps that a schema is compiled into for decoding: the checks at each place of a document, merged from all schemas that apply
//! there.

use super::{
    Schema,
    pattern::Pattern,
    plan::{PlanNode, PlanNodeId, Range, TypeSet},
};

/// A schema that applies to a place.
#[derive(Clone, Copy)]
pub(super) struct AppliedSchema {
    pub(super) schema: &'static Schema,
    pub(super) nodes: &'static [PlanNode],
    pub(super) id: PlanNodeId,
}

impl AppliedSchema {
    pub(super) fn node(&self) -> &'static PlanNode {
        &self.nodes[self.id.0]
    }

    /// Returns the same for the same schema.
    pub(super) fn key(&self) -> (usize, usize) {
        (std::ptr::from_ref(self.schema).addr(), self.id.0)
    }
}

/// The steps of a schema.
pub(super) struct Steps {
    /// The first is for the whole document.
    pub(super) list: Vec<PlanStep>,
    /// The step of places where nothing is asked.
    pub(super) free: PlanStep,
}

impl Steps {
    pub(super) fn new(list: Vec<PlanStep>) -> Self {
        Self { list, free: PlanStep::default() }
    }

    #[inline]
    pub(super) fn root(&self) -> &PlanStep {
        &self.list[0]
    }
}

/// The place that a property or an item leads to.
#[derive(Debug, Clone, Copy)]
pub(super) enum NextStep {
    /// The step of places where nothing is asked.
    Free,
    /// A step of the same schema.
    Step(usize),
    /// The first step of another schema.
    Schema(&'static Schema),
}

/// The checks at a place.
#[derive(Default)]
pub(super) struct PlanStep {
    /// The types that are accepted at all.
    pub(super) kinds: TypeSet,
    pub(super) null: Box<[Check]>,
    pub(super) boolean: Box<[Check]>,
    pub(super) number: Box<[Check]>,
    pub(super) string: Box<[Check]>,
    pub(super) array: ContainerCheck<ArrayStep>,
    pub(super) object: ContainerCheck<ObjectStep>,
    /// Everything that applies, for a list or an object that is judged as a whole.
    pub(super) whole: Box<[AppliedSchema]>,
    /// The maximum number of schemas that are nested in the check of this place, without what is inside.
    pub(super) depth: usize,
}

/// A check of a scalar.
pub(super) enum Check {
    /// The keywords of a node for values as wholes and for this type.
    Own(&'static PlanNode),
    /// Everything that a schema asks.
    All(AppliedSchema),
}

/// The check of the inside of a list or object.
#[derive(Default)]
pub(super) enum ContainerCheck<T> {
    /// No check.
    #[default]
    Free,
    /// A check of one member after the other.
    Streamed(Box<T>),
    /// A check of all members together.
    Whole,
}

impl<T> ContainerCheck<T> {
    #[inline]
    pub(super) fn streamed(&self) -> Option<&T> {
        match self {
            Self::Streamed(inside) => Some(inside),
            Self::Free | Self::Whole => None,
        }
    }

    #[inline]
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }
}

pub(super) struct ArrayStep {
    pub(super) length: Range,
    /// The places of the first items, and that of the others.
    pub(super) prefix: Vec<NextStep>,
    pub(super) items: NextStep,
}

impl ArrayStep {
    /// Returns the place of an item.
    #[inline]
    pub(super) fn place(&self, index: usize) -> NextStep {
        self.prefix.get(index).copied().unwrap_or(self.items)
    }
}

pub(super) struct ObjectStep {
    pub(super) size: Range,
    /// The properties, in the order of the schemas.
    pub(super) properties: Vec<PropertyStep>,
    pub(super) by_name: ByName,
    /// A bit for each property that is required.
    pub(super) required: u128,
    pub(super) names: NextStep,
    pub(super) patterns: Vec<&'static Pattern>,
    /// The steps of properties of other names, by the patterns that match them, as bits.
    pub(super) others: Vec<NextStep>,
}

pub(super) struct PropertyStep {
    pub(super) name: Box<str>,
    pub(super) next: NextStep,
    /// The bit among the required properties, if it is one.
    pub(super) required: u128,
}

/// A table of properties by their names. It is made once and read for every document, so that a hash without a secret does: what a
/// document says decides nothing about its shape.
#[derive(Default)]
pub(super) struct ByName(Box<[Option<u32>]>);

impl ByName {
    pub(super) fn new(properties: &[PropertyStep]) -> Self {
        let mut slots = vec![None; (2 * properties.len() + 1).next_power_of_two()];
        for (index, property) in (0..).zip(properties) {
            let mut slot = Self::slot(&property.name, slots.len());
            while slots[slot].is_some() {
                slot = (slot + 1) % slots.len();
            }
            slots[slot] = Some(index);
        }
        Self(slots.into())
    }

    /// Returns the index of the property of that name.
    #[inline(never)]
    fn find(&self, name: &str, properties: &[PropertyStep]) -> Option<usize> {
        let mut slot = Self::slot(name, self.0.len());
        // Half of the slots are empty.
        while let Some(index) = self.0[slot] {
            let index = index as usize;
            if *properties[index].name == *name {
                return Some(index);
            }
            slot = (slot + 1) % self.0.len();
        }
        None
    }

    /// Returns the slot where a search begins among so many slots, a power of two.
    fn slot(name: &str, slots: usize) -> usize {
        const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut hash = name.len() as u64;
        for chunk in name.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(MIX);
        }
        (hash >> 32) as usize & (slots - 1)
    }
}

impl ObjectStep {
    /// Returns the property of that name. `last` is one more than the index of the property before it, and none for the first.
    ///
    /// The next of the schema is looked at first: those who send documents mostly keep its order.
    #[inline]
    pub(super) fn find(&self, name: &str, last: &mut usize) -> Option<&PropertyStep> {
        let index = match self.properties.get(*last) {
            Some(property) if *property.name == *name => *last,
            _ => self.by_name.find(name, &self.properties)?,
        };
        *last = index + 1;
        Some(&self.properties[index])
    }

    /// Returns the step of a property without a name of its own.
    pub(super) fn other(&self, name: &str) -> NextStep {
        let matching =
            self.patterns.iter().enumerate().filter(|(_, pattern)| pattern.matches(name)).fold(0, |bits, (at, _)| bits | 1 << at);
        self.others[matching]
    }
}

impl PlanStep {
    /// Returns a step that accepts nothing here: the check of the whole document decides.
    pub(super) fn undecided() -> Self {
        Self { kinds: TypeSet::NONE, ..Self::default() }
    }
}
