//! Types of the standard library.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Format, Formatted};

/// The text of an IPv4 address (`ipv4`).
pub type Ipv4 = Formatted<Ipv4Addr>;

/// The text of an IPv6 address (`ipv6`); one with a zone spells no `Ipv6Addr`.
pub type Ipv6 = Formatted<Ipv6Addr>;

impl Format for Ipv4Addr {
    const EXPECTED: &'static str = "an IPv4 address";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl Format for Ipv6Addr {
    const EXPECTED: &'static str = "an IPv6 address";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}
