//! What engines and the machine of deliveries tell each other.

/// An event as a broker hands it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// A name for it that no other delivery of this consumer has.
    pub id: String,
    /// The partition that it is from; 0 for a queue.
    pub partition: u32,
    /// The offset in the partition.
    pub offset: u64,
    /// The key, which decides what may be handled beside it.
    pub key: Option<String>,
    /// The type that its envelope names.
    pub type_name: Option<String>,
    /// The attempt that it is at, from the header [`ATTEMPT`]; 1 without it.
    pub attempt: u32,
    /// The group that it was sent back for, from the header [`REDRIVE`].
    pub redrive: Option<String>,
    /// Whether its bytes are an event.
    pub is_decodable: bool,
}

impl Delivery {
    /// Creates a first attempt at offset 0 of partition 0, with nothing but its name.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), partition: 0, offset: 0, key: None, type_name: None, attempt: 1, redrive: None, is_decodable: true }
    }
}

/// What a handler made of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Done,
    /// It was handled before.
    Duplicate,
    /// It may go well another time.
    Failed,
    /// It will never go well.
    Rejected,
}

/// What an engine has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Call the handler.
    Handle {
        /// The event.
        id: String,
        /// The attempt, from 1.
        attempt: u32,
    },
    /// Tell the handler to stop; what it returns later counts only for an event that is late.
    Cancel {
        /// The event.
        id: String,
    },
    /// The event waits for its next attempt, or for being sent.
    Wait {
        /// The event.
        id: String,
        /// The end of the wait.
        until: u64,
    },
    /// Send the event into the queue from which it comes back after a wait.
    SendAgain {
        /// The event.
        id: String,
        /// The attempt as which it comes back.
        attempt: u32,
        /// The wait.
        wait_ms: u64,
    },
    /// Send the event to where dead letters go, with its record.
    SetAside {
        /// The event.
        id: String,
        /// How often it was tried again.
        retries: u32,
    },
    /// Commit an offset (Kafka).
    Commit {
        /// The partition.
        partition: u32,
        /// The offset of the next event to read.
        offset: u64,
    },
    /// Acknowledge the event (RabbitMQ).
    Acknowledge {
        /// The event.
        id: String,
    },
    /// Give the event back to its queue (RabbitMQ).
    Requeue {
        /// The event.
        id: String,
    },
    /// Read no more of a partition (Kafka).
    Pause {
        /// The partition.
        partition: u32,
    },
    /// Read on in a partition (Kafka).
    Resume {
        /// The partition.
        partition: u32,
    },
    /// Forget the event; it is handled again elsewhere, from its first attempt on.
    Drop {
        /// The event.
        id: String,
    },
    /// Everything is done that will be: leave the group, or close the channel.
    Close,
}

/// What is counted of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Count {
    /// Taken over from the broker.
    Received,
    /// Handled well.
    Handled,
    /// Handled before.
    Duplicates,
    /// Of a type that the service has no handler for.
    Unhandled,
    /// Sent back for another group.
    Elsewhere,
    /// No events.
    Undecodable,
    /// Attempts that failed.
    Failed,
    /// Attempts that were rejected.
    Rejected,
    /// Attempts that were put off.
    Retried,
    /// Dead letters that a broker has.
    SetAside,
    /// Events that a broker did not take.
    Unsent,
    /// Handlers that outlived their time.
    Late,
    /// Events that are handled elsewhere, though they had begun here.
    Dropped,
}

impl Count {
    /// Returns the name, as metrics have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Handled => "handled",
            Self::Duplicates => "duplicates",
            Self::Unhandled => "unhandled",
            Self::Elsewhere => "elsewhere",
            Self::Undecodable => "undecodable",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Retried => "retried",
            Self::SetAside => "set_aside",
            Self::Unsent => "unsent",
            Self::Late => "late",
            Self::Dropped => "dropped",
        }
    }
}

/// What a person should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// A handler outlived its time.
    Late,
    /// An event has no way on.
    Stuck,
    /// A broker takes no event.
    Unsent,
}

impl Problem {
    /// Returns the name, as `health()` tells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Stuck => "stuck",
            Self::Unsent => "unsent",
        }
    }
}
