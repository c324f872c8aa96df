//! No value can be built that its contract refuses.

#![allow(deprecated, reason = "what is deprecated is still checked")]

use std::collections::BTreeMap;

use event_contracts::money::{Amount, Currency, Id, Minor, Moment, Note, Quantity, Rate, Trace, Traced};
use event_contracts::order::{
    Channel, OrderCanceledPayload, OrderLine, OrderPlacedLines, OrderState, OrderStateChangedPayload, Prices, Sku,
    order_flow,
};
use event_contracts::support::{Faults, Int, Json, Number, Set};

fn told<T: std::fmt::Debug>(result: Result<T, Faults>) -> Vec<(String, String)> {
    let faults = result.expect_err("refused");
    faults.into_iter().map(|fault| (fault.code.as_str().to_owned(), fault.path)).collect()
}

fn traced() -> Traced {
    Traced {
        order_id: Id::new("ord-1").unwrap(),
        recorded_at: Moment::new("2026-04-01T08:00:00Z").unwrap(),
        trace: None,
        sequence: None,
        release: "1.0.0".try_into().unwrap(),
    }
}

fn one(code: &str, path: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), path.to_owned())]
}

#[test]
fn scalars_refuse_what_lies_outside() {
    assert_eq!(told(Id::new("")), one("min_length", ""));
    assert_eq!(told(Id::new(&"x".repeat(65))), one("max_length", ""));
    assert_eq!(told(Id::new("-x")), one("pattern", ""));
    assert_eq!(told(Note::new(" \t")), one("blank", ""));
    assert_eq!(told(Quantity::new(0)), one("minimum", ""));
    assert_eq!(told(Quantity::new(1001)), one("maximum", ""));
    assert_eq!(told(Quantity::new(1 << 53)), one("int_range", ""));
    assert_eq!(told(Rate::new(0.0)), one("minimum", ""));
    assert_eq!(told(Rate::new(f64::NAN)), one("number_not_finite", ""));
    assert_eq!(told(Minor::new(i64::MIN)), one("minimum", ""));
    assert_eq!(told(Int::new(1 << 53)), one("int_range", ""));
    assert_eq!(told(Number::new(f64::INFINITY)), one("number_not_finite", ""));
    assert_eq!(told("never".parse::<Channel>()), one("enum", ""));
    assert_eq!("done".parse::<OrderState>(), Ok(OrderState::Delivered), "an alias is read as its value");
    assert_eq!(
        Trace::new("123E4567-E89B-12D3-A456-426614174000").unwrap().as_str(),
        "123e4567-e89b-12d3-a456-426614174000"
    );
}

#[test]
fn moments_are_ordered_as_moments_and_equal_as_texts() {
    let moment = |text| Moment::new(text).unwrap();
    assert!(moment("2026-01-01T01:00:00+02:00") < moment("2026-01-01T00:00:00Z"));
    assert_ne!(moment("2026-01-01T00:00:00Z"), moment("2026-01-01T00:00:00.0Z"));
    assert_eq!(moment("1969-12-31T23:59:59.5Z").instant().seconds, -1);
}

#[test]
fn ranks_and_sets_and_maps_of_enums_are_constants() {
    assert!(OrderState::Returned < OrderState::Canceled && OrderState::Delivered < OrderState::Returned);
    assert!(OrderState::Paid.is_open() && !OrderState::Canceled.is_open());
    assert_eq!(OrderState::TERMINAL, [OrderState::Delivered, OrderState::Canceled, OrderState::Returned]);
    assert_eq!(OrderState::Packed.phase().to_string(), "running");
}

#[test]
fn containers_refuse_too_few_too_many_and_twice() {
    assert_eq!(told(OrderPlacedLines::new(Vec::<OrderLine>::new())), one("min_items", ""));
    assert_eq!(told(Prices::new(BTreeMap::new())), one("min_items", ""));
    let sku = Sku::from_value(&Json::String("4006381333931".into())).unwrap();
    let amount = Amount { minor: Minor::new(1).unwrap(), currency: Currency::Eur };
    assert_eq!(Prices::new(BTreeMap::from([(sku, amount)])).unwrap().len(), 1);
    let int = |value: i32| Int::from(value);
    assert_eq!(told(Set::new(vec![int(2), int(1), int(2)])), one("unique_items", "/2"));
    assert_eq!(*Set::new(vec![int(9), int(10)]).unwrap(), [int(10), int(9)], "sorted by canonical text");
}

#[test]
fn records_with_rules_refuse_fields_that_do_not_go_together() {
    let changed = |force, reason: Option<&str>| {
        let (from, to) = (Some(OrderState::Draft), OrderState::Placed);
        OrderStateChangedPayload::new(traced(), from, to, force, reason.map(Into::into), None)
    };
    assert_eq!(told(changed(true, Some(" "))), one("rule", "/reason"));
    let good = changed(true, Some("said so")).unwrap();
    assert_eq!((good.force(), good.reason(), good.traced().order_id.as_str()), (true, Some("said so"), "ord-1"));
    assert!(order_flow::violations(good.from(), good.to(), &good).is_empty());
    assert_eq!(order_flow::violations(Some(OrderState::Paid), OrderState::Draft, &good), ["no_way_back"]);
}

#[test]
fn a_narrowed_enum_is_checked_where_its_record_is_built() {
    let canceled = |stage, result, channel| {
        let by = event_contracts::order::OrderCanceledBy::new("me").unwrap();
        OrderCanceledPayload::new(traced(), stage, result, channel, None, vec![], by)
    };
    assert!(canceled(OrderState::Paid, OrderState::Canceled, Channel::Web).is_ok());
    let wrong = told(canceled(OrderState::Delivered, OrderState::Paid, Channel::Store));
    let expected = ["/channel", "/result", "/stage"].map(|path| ("enum".to_owned(), path.to_owned()));
    assert_eq!(wrong, expected);
}

#[test]
fn values_that_a_program_built_are_judged_as_deep_as_text() {
    let nested = |depth| (0..depth).fold(Json::Null, |inner, _| Json::Array(vec![inner]));
    let payload = |deep| Json::Object([("v".into(), deep)].into_iter().collect());
    let fits = event_contracts::validate_value("OrderArchived", &payload(nested(63)));
    assert!(fits.is_err(), "undeclared by its name: the event type is another");
    let deep = event_contracts::validate_value("order.archived", &payload(nested(64)));
    assert_eq!(told(deep), one("too_deep", &format!("/v{}", "/0".repeat(63))));
}
