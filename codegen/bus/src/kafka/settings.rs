//! Values of settings: which are the same, and which keep less.

/// Returns whether two values of a setting say the same: numbers by their value, lists in any order.
pub(super) fn same(a: &str, b: &str) -> bool {
    // Their bits: `0.50` is `0.5`, and nothing is nearly the same.
    let number = |text: &str| text.trim().parse::<f64>().ok().map(f64::to_bits);
    let list = |text: &str| {
        let mut items: Vec<String> = text.split(',').map(|item| item.trim().to_owned()).collect();
        items.sort();
        items
    };
    a == b || number(a).zip(number(b)).is_some_and(|(a, b)| a == b) || (a.contains(',') && list(a) == list(b))
}

/// Returns the age from which events go where a topic keeps them for a shorter time than before.
pub(super) fn shortened(setting: &str, old: Option<&str>, new: Option<&str>) -> Option<u64> {
    // Less than nothing is for ever.
    let kept = |text: &str| text.parse::<i64>().ok().map(|kept| u64::try_from(kept).unwrap_or(u64::MAX));
    let (old, new) = (old.and_then(kept)?, new.and_then(kept)?);
    (setting == "retention.ms" && new < old).then_some(new)
}

/// Returns milliseconds in words, to a unit that says it without a fraction.
pub(super) fn in_words(milliseconds: u64) -> String {
    let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond")];
    let (count, unit) = units
        .into_iter()
        .find(|(length, _)| milliseconds >= *length && milliseconds.is_multiple_of(*length))
        .map_or((milliseconds, "millisecond"), |(length, unit)| (milliseconds / length, unit));
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_same_where_the_broker_takes_them_so() {
        for (a, b) in [("1", "1"), ("0.50", "0.5"), ("compact,delete", "delete, compact"), ("delete", "delete")] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [("1", "2"), ("compact", "compact,delete"), ("true", "1"), ("", "0")] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn less_time_is_told_and_for_ever_is_most() {
        assert_eq!(shortened("retention.ms", Some("-1"), Some("86400000")), Some(86_400_000));
        assert_eq!(shortened("retention.ms", Some("86400000"), Some("-1")), None);
        assert_eq!(shortened("segment.ms", Some("2"), Some("1")), None);
        assert_eq!(
            ["1", "2000", "86400000", "90000"].map(|ms| in_words(ms.parse().unwrap_or(0))),
            ["1 millisecond", "2 seconds", "1 day", "90 seconds"]
        );
    }
}
