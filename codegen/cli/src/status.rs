//! The end of a command that nothing kept from its work.

/// The meaning of an exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing is wrong.
    Clean,
    /// There are findings at error level, or something failed.
    Findings,
    /// Something differs, which is no failure.
    #[cfg(feature = "live")]
    Different,
    /// Nobody was there to be asked, or the contracts are not all there.
    #[cfg(feature = "live")]
    Usage,
}

impl Status {
    pub(crate) fn of(wrong: bool) -> Self {
        if wrong { Self::Findings } else { Self::Clean }
    }

    /// Returns whether something differs.
    #[cfg(feature = "live")]
    pub(crate) fn different(differs: bool) -> Self {
        if differs { Self::Different } else { Self::Clean }
    }

    /// Returns the number by which scripts know it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            #[cfg(feature = "live")]
            Self::Usage => 2,
            #[cfg(feature = "live")]
            Self::Different => 3,
        }
    }

    /// Returns the worse of two.
    pub(crate) fn or(self, other: Self) -> Self {
        Self::of(self == Self::Findings || other == Self::Findings)
    }
}
