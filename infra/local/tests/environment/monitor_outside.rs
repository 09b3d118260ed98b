//! Monitoring stands outside the isolated network: what it asks of the table is what its role permits, partition by partition,
//! and its role permits nothing that it does not ask. Its check, inside, keeps to its own partitions as well.

use crate::{
    monitor::stopped,
    support::{
        Bench, at,
        faults::{Call, Network},
    },
};
use functions::{
    evidence::monitor::{self, check},
    portal::publish,
    settings::Settings,
    store::tx::Tx,
};
use serde_json::Value;
use shared::{
    evidence::schedule::{BackupTimes, Monthly, TimeOfDay},
    id::CaseId,
    procedure::{Act, Service},
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

const TEMPLATE: &str = include_str!("../../../aws/stacks/50-app.yaml");

/// An action on one partition of the table or of its index; of a power, the pattern of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    action: String,
    by_index: bool,
    partition: String,
}

impl Use {
    /// Whether this power permits a use.
    fn permits(&self, one: &Self) -> bool {
        let fits = match self.partition.strip_suffix('*') {
            Some(beginning) => one.partition.starts_with(beginning),
            None => one.partition == self.partition,
        };
        fits && one.action == self.action && one.by_index == self.by_index
    }
}

/// What a call of the table does; nothing for one of the buckets.
fn uses(call: &Call) -> Vec<Use> {
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let one = |action: &str, partition: &Value| Use {
        action: action.to_owned(),
        by_index: !body["IndexName"].is_null(),
        partition: partition["S"].as_str().unwrap().to_owned(),
    };
    match call.name.as_str() {
        name @ ("GetItem" | "UpdateItem" | "DeleteItem") => vec![one(name, &body["Key"]["pk"])],
        "PutItem" => vec![one("PutItem", &body["Item"]["pk"])],
        "Query" => vec![one("Query", &body["ExpressionAttributeValues"][":p"])],
        "BatchGetItem" => {
            let wanted = body["RequestItems"].as_object().unwrap().values();
            let keys = wanted.flat_map(|of_table| of_table["Keys"].as_array().unwrap());
            keys.map(|key| one("BatchGetItem", &key["pk"])).collect()
        }
        "TransactWriteItems" => {
            let writes = body["TransactItems"].as_array().unwrap().iter();
            let of_kind = |(kind, write): (&String, &Value)| {
                let item = if kind == "Put" { &write["Item"] } else { &write["Key"] };
                one(&format!("{kind}Item"), &item["pk"])
            };
            writes.flat_map(|write| write.as_object().unwrap()).map(of_kind).collect()
        }
        bucket if bucket.contains(" /") => Vec::new(),
        other => panic!("{other} names its partitions in a way that this test does not know"),
    }
}

/// What a job's role permits on the table, as the template says it: from the name of its policy on, until its log.
fn permitted(policy: &str, log: &str, settings: &Settings) -> Vec<Use> {
    let user_id = &settings.monitor.as_ref().unwrap().user_id;
    let role = TEMPLATE.split(&format!("PolicyName: {policy}\n")).nth(1).unwrap();
    let role = role.split(log).next().unwrap();
    let listed = |statement: &str, name: &str| -> Vec<String> {
        let list = statement.split(&format!("{name}: [")).nth(1).unwrap().split(']').next().unwrap();
        let plain = |one: &str| one.trim().trim_start_matches("!Sub ").trim_matches('\'').to_owned();
        list.split(',').map(plain).collect()
    };
    let mut powers = Vec::new();
    for statement in role.split("- Sid: ").filter(|statement| statement.contains("dynamodb:")) {
        for action in listed(statement, "Action") {
            for partition in listed(statement, "'dynamodb:LeadingKeys'") {
                powers.push(Use {
                    action: action.trim_start_matches("dynamodb:").to_owned(),
                    by_index: statement.contains("/index/lists"),
                    partition: partition.replace("${MonitorUser}", user_id),
                });
            }
        }
    }
    powers
}

/// Keeps what is asked of the table from now on.
fn record(network: &Network) -> Arc<Mutex<BTreeSet<Use>>> {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let kept = seen.clone();
    network.obey(move |call| {
        kept.lock().unwrap().extend(uses(call));
        None
    });
    seen
}

fn assert_permitted(seen: &BTreeSet<Use>, powers: &[Use]) {
    let refused: Vec<_> = seen.iter().filter(|one| !powers.iter().any(|power| power.permits(one))).collect();
    assert!(refused.is_empty(), "its role does not permit {refused:#?}");
}

/// Approved times, so that a monthly backup may be missing.
async fn times(bench: &Bench) {
    let now = bench.clock_now();
    let at = TimeOfDay { hour: 11, minute: 0 };
    let monthly = Monthly { day: 20, at, stop_minutes: 10 };
    let times = BackupTimes { from: now.day(), daily: at, monthly, case: CaseId::from_parts(1, 1) };
    let mut tx = Tx::default();
    let service = Service { times: vec![times], ..Service::open(now) };
    bench.app.store.put_service(&mut tx, None, &service).unwrap();
    tx.commit(&bench.app.store).await.unwrap();
}

#[tokio::test]
async fn what_it_asks_of_the_table_is_what_its_role_permits() {
    let bench = Bench::start().await;
    times(&bench).await;
    let network = Network::before(&bench).await;
    let seen = record(&network);
    let mut settings = bench.app.settings.clone();
    let looked = async |settings: &Settings| {
        monitor::look_due(&network.app_with(&bench, settings.clone())).await.unwrap()
    };
    // It begins, makes its account, and finds the portal's files old …
    assert_eq!(looked(&settings).await, 4);
    // … finds them new …
    publish::run_due(&bench.app).await.unwrap();
    bench.later(5 * 60);
    assert_eq!(looked(&settings).await, 1);
    // … takes new credentials over …
    settings.monitor.as_mut().unwrap().password = "another-long-password-1".into();
    bench.later(15 * 60);
    assert_eq!(looked(&settings).await, 2);
    // … and misses backups.
    bench.clock.set(at("2026-11-23T12:00:00+09:00"));
    assert_eq!(looked(&settings).await, 4);

    let powers = permitted("monitor", "MonitorLog:", &settings);
    assert!(powers.len() > 15, "{powers:?}");
    let seen = seen.lock().unwrap().clone();
    assert_permitted(&seen, &powers);
    let idle: Vec<_> = powers.iter().filter(|power| !seen.iter().any(|one| power.permits(one))).collect();
    assert!(idle.is_empty(), "it never needs {idle:#?}");
}

#[tokio::test]
async fn what_its_check_asks_of_the_table_is_what_its_role_permits() {
    let bench = Bench::start().await;
    let network = Network::before(&bench).await;
    let (app, seen) = (network.app(&bench), record(&network));
    let broken = stopped(&bench, |settings| settings.portal = "tsunagaru-nowhere".into());
    monitor::look_due(&bench.app).await.unwrap();
    // An incident is opened and gets a remark, slots are missed, and the day is counted.
    for (look, now) in [(&broken, "10:05"), (&bench.app, "10:10"), (&bench.app, "10:15")] {
        bench.clock.set(at(&format!("2026-11-20T{now}:00+09:00")));
        monitor::look_due(look).await.unwrap();
        check::run_due(&app).await.unwrap();
    }
    bench.clock.set(at("2026-11-21T01:05:00+09:00"));
    check::run_due(&app).await.unwrap();
    let anomalies = bench.app.store.anomalies(10).await.unwrap();
    let case = bench.app.store.case(anomalies.last().unwrap().case).await.unwrap().unwrap();
    assert!(case.taken.iter().any(|taken| taken.act == Act::Comment), "{case:?}");
    assert!(bench.app.store.last_monitor_day().await.unwrap().is_some());
    let seen = seen.lock().unwrap().clone();
    assert_permitted(&seen, &permitted("monitor_check", "MonitorCheckLog:", &app.settings));
}
