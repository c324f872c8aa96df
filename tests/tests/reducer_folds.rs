//! Do all constructs of reducers stand together in one domain, and is its state a function of the set of events?

use std::collections::BTreeSet;

use codegen::interpret::{receive_value, reduce};
use codegen::json::{Value, canonical};
use codegen::model::{Reducer, Workspace};
use tests::corpus::{Random, Streams};
use tests::project;

fn state(workspace: &Workspace, reducer: &Reducer, log: &[Value], is_partitioned: bool) -> Value {
    let profile = &workspace.profiles[reducer.profile];
    let events = log.iter().map(|event| {
        receive_value(workspace, profile, event).unwrap_or_else(|faults| panic!("{}: {faults:?}", canonical(event)))
    });
    reduce(workspace, reducer, events.collect(), is_partitioned).expect("every hook is answered")
}

#[test]
fn logs_of_every_reducer_replay_alike_in_any_order() {
    let workspace = project::workspace(&tests::root().join("tests/domains/folds"));
    assert_eq!(workspace.reducers.len(), 7);
    for reducer in &workspace.reducers {
        let mut kinds = BTreeSet::new();
        for seed in 0..60 {
            let log = Streams::new(&workspace, reducer, Vec::new()).events(seed);
            let once = state(&workspace, reducer, &log, false);
            let mut shuffled = log.clone();
            let mut random = Random::new(seed);
            for at in (1..shuffled.len()).rev() {
                shuffled.swap(at, random.below(at + 1));
            }
            shuffled.extend_from_slice(&log[..log.len() / 2]);
            let again = state(&workspace, reducer, &shuffled, false);
            assert_eq!(canonical(&again), canonical(&once), "{} {seed}", reducer.meta.name);
            if reducer.partition_by.is_some() {
                let parts = state(&workspace, reducer, &log, true);
                assert_eq!(canonical(&state(&workspace, reducer, &shuffled, true)), canonical(&parts));
            }
            let Some(Value::Array(anomalies)) = once.get("anomalies") else { panic!("there are no anomalies") };
            kinds.extend(anomalies.iter().filter_map(|it| Some(it.get("kind")?.as_str()?.to_owned())));
        }
        let declared: BTreeSet<String> = reducer.anomalies.iter().map(|anomaly| anomaly.kind.clone()).collect();
        let missing: Vec<&String> = declared.difference(&kinds).collect();
        assert!(missing.is_empty(), "{}: never seen: {missing:?}", reducer.meta.name);
    }
}
