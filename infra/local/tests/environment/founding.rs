//! Founding 開設: an empty environment gets its first people, who finish their first sign-in and begin the procedures (Art. 13).

use crate::support::{Bench, credentials};
use functions::people::founding::{self, Founding, FoundingError};
use serde_json::json;
use shared::{
    api::{Empty, audit as a, people as p},
    people::{FactorProof, NewPassword, SessionStage},
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
        ],
    }))
    .unwrap()
}

#[tokio::test]
async fn the_first_people_get_letters_until_one_of_them_has_signed_in() {
    let bench = Bench::empty().await;
    let lost = founding::run(&bench.app, &first()).await.unwrap();
    let letters = founding::run(&bench.app, &first()).await.unwrap();
    assert_eq!(letters.len(), 3);
    let mut city = bench.nobody();
    city.refused::<p::SignIn>(&(), &credentials("founder-city", &lost[0].password)).await;
    let me = city.ok::<p::SignIn>(&(), &credentials("founder-city", &letters[0].password)).await;
    assert_eq!(me.stage, SessionStage::PasswordChange);
    // Somebody who is not of the founding cannot be added to it.
    let mut more = first();
    let mut another = more.people[0].clone();
    another.user_id = "founder-late".into();
    more.people.push(another);
    assert!(matches!(founding::run(&bench.app, &more).await.err().unwrap(), FoundingError::InUse));

    // The first sign-in as everybody's: an own password, a second factor.
    city.ok::<p::ChoosePassword>(
        &(),
        &NewPassword { current: String::new(), password: "Kaze-7-Hikari-2-Tsuki".into() },
    )
    .await;
    let offer = city.ok::<p::OfferTotp>(&(), &shared::people::Reauth { password: String::new() }).await;
    let code = functions::people::factor::code_at(&offer.secret, bench.clock_now()).unwrap();
    city.ok::<p::ConfirmTotp>(&(), &FactorProof { code }).await;
    assert_eq!(city.ok::<p::ReadSelf>(&(), &Empty {}).await.stage, SessionStage::Complete);
    let used = founding::run(&bench.app, &first()).await.err().unwrap();
    assert!(matches!(used, FoundingError::InUse), "{used}");
    // It stands in the audit log: three people, twice.
    let query = a::AuditQuery::default();
    let events = city.ok::<a::ListAudit>(&(), &query).await;
    let by_system = events
        .rows
        .iter()
        .map(|row| &row.event)
        .filter(|event| event.who.is_none() && event.source == "system");
    assert_eq!(by_system.count(), 6);
}

#[tokio::test]
async fn the_demo_city_is_in_use_and_cannot_be_founded() {
    let bench = Bench::start().await;
    bench.sign_in("city-01").await;
    assert!(matches!(founding::run(&bench.app, &first()).await.err().unwrap(), FoundingError::InUse));
}
