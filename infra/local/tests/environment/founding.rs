//! Founding 開設: an empty environment gets its first people, who finish their first sign-in and begin the procedures (Art. 13).

use crate::support::{
    Bench,
    cases::{asking, stepped},
    credentials,
};
use functions::people::founding::{self, Founding, FoundingError};
use serde_json::json;
use shared::{
    api::{Empty, audit as a, people as p, procedure as k},
    people::{Account, Role, SessionStage},
    procedure::{Act, Procedure},
};

fn first() -> Founding {
    serde_json::from_value(json!({
        "offices": [
            { "name": "小牧市役所", "kind": "city_office", "phone": "0568-00-0000" },
            { "name": "運用の会社", "kind": "contractor" },
        ],
        "people": [
            { "user_id": "founder-city", "name": "市 太郎", "kana": "し たろう", "office": "小牧市役所", "roles": ["city"] },
            { "user_id": "founder-om", "name": "運用 花子", "kana": "うんよう はなこ", "office": "運用の会社", "roles": ["operations_manager"] },
            { "user_id": "founder-sa", "name": "管理 次郎", "kana": "かんり じろう", "office": "運用の会社", "roles": ["system_admin", "operator"] },
            { "user_id": "founder-city2", "name": "市 三郎", "kana": "し さぶろう", "office": "小牧市役所", "roles": ["city"] },
        ],
    }))
    .unwrap()
}

#[tokio::test]
async fn the_first_people_get_letters_until_one_of_them_has_signed_in() {
    let bench = Bench::empty().await;
    let lost = founding::run(&bench.app, &first()).await.unwrap();
    let letters = founding::run(&bench.app, &first()).await.unwrap();
    assert_eq!(letters.len(), 4);
    bench.nobody().refused::<p::SignIn>(&(), &credentials("founder-city", &lost[0].password)).await;
    // Somebody who is not of the founding cannot be added to it.
    let mut more = first();
    let mut another = more.people[0].clone();
    another.user_id = "founder-late".into();
    more.people.push(another);
    assert!(matches!(founding::run(&bench.app, &more).await.err().unwrap(), FoundingError::InUse));

    // The first sign-in as everybody's: an own password, a second factor.
    let mut city = bench.first_sign_in("founder-city", &letters[0].password).await;
    assert_eq!(city.ok::<p::ReadSelf>(&(), &Empty {}).await.stage, SessionStage::Complete);
    let used = founding::run(&bench.app, &first()).await.err().unwrap();
    assert!(matches!(used, FoundingError::InUse), "{used}");
    // It stands in the audit log: four people, twice.
    let query = a::AuditQuery::default();
    let events = city.ok::<a::ListAudit>(&(), &query).await;
    let by_system = events
        .rows
        .iter()
        .map(|row| &row.event)
        .filter(|event| event.who.is_none() && event.source == "system");
    assert_eq!(by_system.count(), 8);
}

async fn account_of(bench: &Bench, user_id: &str) -> Account {
    let id = bench.app.store.login(user_id).await.unwrap().unwrap().account;
    bench.app.store.account(id).await.unwrap().unwrap().account
}

#[tokio::test]
async fn a_founders_appointment_is_filed_afterwards_and_ends_when_a_filing_says_so() {
    let bench = Bench::empty().await;
    let letters = founding::run(&bench.app, &first()).await.unwrap();
    let mut om = bench.first_sign_in("founder-om", &letters[1].password).await;
    let today = bench.clock_day();
    let posts = om.ok::<k::ReadStructure>(&(), &Empty {}).await.posts;
    let shown: Vec<_> = posts.iter().map(|post| (post.appointed.role, post.appointed.from)).collect();
    let held = [Role::OperationsManager, Role::SystemAdmin, Role::Operator];
    assert_eq!(shown, held.map(|role| (role, today)));
    assert!(posts.iter().all(|post| post.filing.is_none()));
    assert_eq!(account_of(&bench, "founder-city").await.actor_on(today).roles, [Role::City]);

    let (admin, day) = (account_of(&bench, "founder-sa").await.id.to_string(), today.to_string());
    for (what, role, on) in [("appoint", "operator", "from_on"), ("end", "system_admin", "to_on")] {
        let filing = [("what", what), ("account", &admin), ("role", role), (on, &day)];
        let case = om.ok::<k::OpenCase>(&(), &asking(Procedure::Appointment, &filing)).await;
        stepped(&mut om, &case, Act::File, &[]).await;
    }
    let admin = account_of(&bench, "founder-sa").await;
    assert_eq!(admin.actor_on(today).roles, [Role::SystemAdmin, Role::Operator]);
    assert_eq!(admin.actor_on(today.plus_days(1)).roles, [Role::Operator]);
    // The page says what is so: each is filed, one of them has its last day.
    let posts = om.ok::<k::ReadStructure>(&(), &Empty {}).await.posts;
    let shown: Vec<_> = posts.iter().map(|post| (post.appointed.to, post.filing.is_some())).collect();
    assert_eq!(shown, [(None, false), (Some(today), true), (None, true)]);
}

#[tokio::test]
async fn the_demo_city_is_in_use_and_cannot_be_founded() {
    let bench = Bench::start().await;
    bench.sign_in("city-01").await;
    assert!(matches!(founding::run(&bench.app, &first()).await.err().unwrap(), FoundingError::InUse));
}
