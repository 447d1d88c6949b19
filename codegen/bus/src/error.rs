//! What keeps a live command from its work.

use thiserror::Error;

/// What keeps a live command from its work, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BusError {
    /// The configuration, or the environment of the process, does not say what is needed.
    #[error("{0}")]
    Setting(String),
    /// Nobody answers at the address.
    #[error(
        "{broker}: no broker answers at {address}: {cause}\nhelp: see that it runs and that this machine reaches it, and run again: a run \
         goes on where the last one ended"
    )]
    Away {
        /// The broker's name in the environment.
        broker: String,
        /// Where it should be.
        address: String,
        /// What the network says.
        cause: String,
    },
    /// The broker took longer than it may.
    #[error(
        "{broker}: {address} gave no answer in time: {during}\nhelp: give it longer with --timeout, and run again: what was asked for may \
         have been done"
    )]
    Slow {
        /// The broker's name in the environment.
        broker: String,
        /// Where it is.
        address: String,
        /// What was asked for.
        during: String,
    },
    /// The broker does not take the user.
    #[error(
        "{broker}: {address} does not let this user in: {cause}\nhelp: look at `security` of the broker in eventc.toml, and at the variables that it names"
    )]
    Refused {
        /// The broker's name in the environment.
        broker: String,
        /// Where it is.
        address: String,
        /// What it says.
        cause: String,
    },
    /// The user has no right to what is needed.
    #[error("{broker}: the user has no right to {what}: {cause}\nhelp: docs/brokers.md lists the rights that eventc needs")]
    Denied {
        /// The broker's name in the environment.
        broker: String,
        /// What needs the right.
        what: String,
        /// What the broker says.
        cause: String,
    },
    /// The broker does not know the request.
    #[error(
        "{broker}: {address} is too old: {cause}\nhelp: eventc needs Apache Kafka 3.9 or later, or a Redpanda that speaks its protocol"
    )]
    Old {
        /// The broker's name in the environment.
        broker: String,
        /// Where it is.
        address: String,
        /// What is missing.
        cause: String,
    },
    /// The broker does not know yet what its controller did.
    #[error(
        "the broker took {left} changes, and does not show them yet\nhelp: look again with `eventc bus drift`, and give it longer with --timeout"
    )]
    Unsettled {
        /// How many changes it does not show.
        left: usize,
    },
    /// The broker answered something else.
    #[error("{broker}: {what} failed: {cause}")]
    Answer {
        /// The broker's name in the environment.
        broker: String,
        /// What was asked for.
        what: String,
        /// What it says.
        cause: String,
    },
}

impl BusError {
    /// Returns whether nobody is there to answer further calls.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Away { .. } | Self::Slow { .. } | Self::Refused { .. })
    }

    /// Returns whether configuration or usage is at fault, and no broker.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Setting(_))
    }
}
