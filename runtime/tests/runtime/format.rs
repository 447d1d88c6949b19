//! Formats as types of each crate: the value of each text, and the text as it was.

use std::{
    fmt::Debug,
    net::{Ipv4Addr, Ipv6Addr},
};

use eventc::{Formatted, format::Format};

/// Checks that a text comes back as it was, and spells a value or not.
fn spells<T: Format + Debug>(texts: &[(&str, bool)]) {
    for (text, good) in texts {
        let json = serde_json::to_string(text).expect("JSON");
        let read: Formatted<T> = serde_json::from_str(&json).expect("a string");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), json);
        assert_eq!(read.parsed().is_ok(), *good, "{text:?} as {}: {:?}", T::EXPECTED, read.parsed());
    }
}

/// Checks that what a value is written as spells the value.
fn written<T: Format + Debug + PartialEq>(text: &str, expected: &str) {
    let value = Formatted::<T>::from(text).parsed().unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let again = Formatted::from(value);
    assert_eq!(again, expected, "{text:?} as {}", T::EXPECTED);
    assert_eq!(again.parsed().ok(), Formatted::<T>::from(text).parsed().ok());
}

const DATE_TIMES: &[(&str, bool)] = &[
    ("2026-11-27T10:15:30Z", true),
    ("2026-11-27T10:15:30.123456789+05:30", true),
    ("2026-11-27T10:15:30-00:00", true),
    ("2026-11-27t10:15:30z", true),
    ("2026-11-27T10:15:30", false),
    ("2026-13-27T10:15:30Z", false),
    ("yesterday", false),
    ("", false),
];

const DATES: &[(&str, bool)] = &[("2026-11-27", true), ("2026-02-30", false), ("27.11.2026", false)];

const TIMES: &[(&str, bool)] =
    &[("10:15:30Z", true), ("10:15:30.5+01:00", true), ("10:15:30-11:45", true), ("25:00:00Z", false), ("noon", false)];

#[test]
fn chrono_reads_times() {
    use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
    spells::<DateTime<FixedOffset>>(DATE_TIMES);
    spells::<DateTime<FixedOffset>>(&[("1998-12-31T23:59:60Z", true)]);
    spells::<NaiveDate>(DATES);
    spells::<(NaiveTime, FixedOffset)>(TIMES);
    written::<DateTime<FixedOffset>>("2026-11-27t10:15:30.500z", "2026-11-27T10:15:30.500Z");
    written::<NaiveDate>("2026-11-27", "2026-11-27");
    written::<(NaiveTime, FixedOffset)>("10:15:30.5+01:00", "10:15:30.500+01:00");
    written::<(NaiveTime, FixedOffset)>("10:15:30+00:00", "10:15:30Z");
}

#[test]
fn jiff_reads_times_and_durations() {
    use jiff::{
        Span, Timestamp,
        civil::{Date, Time},
        tz::Offset,
    };
    spells::<Timestamp>(DATE_TIMES);
    spells::<Timestamp>(&[("1998-12-31T23:59:60Z", true)]);
    spells::<Date>(DATES);
    spells::<(Time, Offset)>(TIMES);
    spells::<Span>(&[("P1Y2M3DT4H5M6.5S", true), ("PT0S", true), ("P2W", true), ("1 hour", false), ("P", false)]);
    written::<Timestamp>("2026-11-27T10:15:30+01:00", "2026-11-27T09:15:30Z");
    written::<(Time, Offset)>("10:15:30-11:45", "10:15:30-11:45");
    written::<(Time, Offset)>("10:15:30z", "10:15:30Z");
    let span: Span = Formatted::from("P1DT2H").parsed().expect("a span");
    assert_eq!(Formatted::from(span), "P1DT2H");
}

#[test]
fn time_reads_times() {
    use time::{Date, OffsetDateTime, Time, UtcOffset};
    spells::<OffsetDateTime>(DATE_TIMES);
    spells::<OffsetDateTime>(&[("1998-12-31T23:59:60Z", true)]);
    spells::<Date>(DATES);
    spells::<(Time, UtcOffset)>(TIMES);
    written::<OffsetDateTime>("2026-11-27T10:15:30.50+01:00", "2026-11-27T10:15:30.5+01:00");
    written::<Date>("2026-11-27", "2026-11-27");
    written::<(Time, UtcOffset)>("10:15:30-11:45", "10:15:30-11:45");
}

#[test]
fn addresses_ids_and_bytes_are_read() {
    spells::<Ipv4Addr>(&[("127.0.0.1", true), ("127.0.0.01", false), ("127.1", false)]);
    spells::<Ipv6Addr>(&[("::1", true), ("::ffff:1.2.3.4", true), ("fe80::1%eth0", false)]);
    spells::<uuid::Uuid>(&[("0190163d-8694-739b-aea5-966c26f8ad90", true), ("0190163D-8694-739B-AEA5-966C26F8AD90", true), ("x", false)]);
    spells::<url::Url>(&[("https://example.com/a?b#c", true), ("urn:isbn:0451450523", true), ("/relative", false)]);
    spells::<email_address::EmailAddress>(&[("joe@example.com", true), ("joe", false)]);
    spells::<Vec<u8>>(&[("aGk=", true), ("aGk", true), ("", true), ("a", false), ("a_b-", false)]);
    written::<Vec<u8>>("aGk", "aGk=");
    written::<uuid::Uuid>("0190163D-8694-739B-AEA5-966C26F8AD90", "0190163d-8694-739b-aea5-966c26f8ad90");
    written::<Ipv6Addr>("0:0:0:0:0:0:0:1", "::1");
}

#[test]
fn texts_are_compared_as_texts() {
    let (one, other): (Formatted<Ipv6Addr>, Formatted<Ipv6Addr>) = ("::1".into(), "0:0:0:0:0:0:0:1".into());
    assert_ne!(one, other);
    assert_eq!(one.parsed(), other.parsed());
    assert_eq!(one, "::1");
    assert_eq!(format!("{one} {one:?}"), r#"::1 "::1""#);
    assert!(serde_json::from_str::<Formatted<Ipv6Addr>>("1").is_err(), "a format says nothing of other types");
}
