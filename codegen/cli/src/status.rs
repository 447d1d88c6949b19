//! The end of a command that nothing kept from its work.

/// The meaning of an exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing is wrong.
    Clean,
    /// There are findings at error level.
    Findings,
}

impl Status {
    pub(crate) fn of(wrong: bool) -> Self {
        if wrong { Self::Findings } else { Self::Clean }
    }

    /// Returns the worse of two.
    pub(crate) fn or(self, other: Self) -> Self {
        Self::of(self == Self::Findings || other == Self::Findings)
    }
}
