//! Types of a schema tree at the root of a crate, with no build script and no generated file.

eventc_macros::include_events!("schemas/events", untracked);

#[cfg(test)]
#[deny(warnings)]
mod tests {
    use eventc::{Event, Validate};

    use crate::order::created::v1::{OrderCreated, OrderCreatedState};

    const DOCUMENT: &str = r#"{"order_id":"A-17","state":"paid","total":{"amount":"12.50","currency":"EUR"},"later":1}"#;

    #[test]
    fn events_decode_and_encode() {
        let event = OrderCreated::decode(DOCUMENT.as_bytes()).expect("an event");
        assert_eq!((event.order_id.as_str(), event.state.as_ref()), ("A-17", Some(&OrderCreatedState::Paid)));
        assert_eq!(event.partition_key().as_deref(), Some("A-17"));
        let again: serde_json::Value = serde_json::from_slice(&event.encode().expect("JSON")).expect("JSON");
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(DOCUMENT).expect("JSON"));
    }

    #[test]
    fn events_validate() {
        let value = serde_json::json!({"order_id": "", "total": {"amount": "1", "currency": "eur"}});
        let errors = OrderCreated::validate(&value).expect_err("two mistakes");
        let places: Vec<&str> = errors.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(places, ["/order_id", "/total/currency"]);
    }

    /// The compiler warns at each of these uses, and nowhere in the module above.
    #[test]
    #[deny(unfulfilled_lint_expectations)]
    fn what_is_deprecated_is_warned_of() {
        #[expect(deprecated)]
        let mut event = crate::order::paid::v1::OrderPaid::new("A-17");
        #[expect(deprecated)]
        let coupon = event.coupon.take();
        assert_eq!(coupon, None);
        #[expect(deprecated)]
        let topic = crate::topics::ORDER_PAID;
        assert_eq!(topic.deprecated.and_then(|deprecated| deprecated.successor), Some("order.created"));
    }

    #[test]
    fn topics_are_constants() {
        assert_eq!(crate::topics::ALL.len(), 2);
        assert_eq!(OrderCreated::TOPIC.name, "order.created");
    }
}
