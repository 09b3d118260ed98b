//! Management structure (Art. 3) and the monthly review of the audit log, over HTTP.

use crate::support::{Bench, Person, command};
use shared::{
    api::{Empty, audit as a, evidence as e, people as p, procedure as k},
    people::Role,
    procedure::{Act, Asked, Case, Channel, Form, Procedure, State, TakeStep},
};

fn filing(pairs: &[(&str, &str)]) -> Asked {
    Asked {
        command: command(),
        procedure: Procedure::Appointment,
        facility: None,
        channel: Channel::Online,
        received_on: None,
        form: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    }
}

fn take(case: &Case, act: Act, form: &Form) -> TakeStep {
    TakeStep { command: command(), act, version: case.version, form: form.clone() }
}

async fn stepped(person: &mut Person, case: &Case, act: Act) -> Case {
    person.ok::<k::StepCase>(&case.id, &take(case, act, &Form::new())).await
}

async fn account_of(bench: &Bench, user_id: &str) -> String {
    bench.app.store.login(user_id).await.unwrap().unwrap().account.to_string()
}

#[tokio::test]
async fn a_role_begins_and_ends_with_its_filed_appointment() {
    let bench = Bench::start().await;
    let (mut om, mut city) = (bench.sign_in("om-01").await, bench.sign_in("city-01").await);
    let mut keeper = bench.sign_in("km-01").await;
    let id = account_of(&bench, "km-01").await;
    assert_eq!(keeper.refused::<e::ListBackups>(&(), &Default::default()).await.code.wire(), "forbidden");
    let (today, last) = (bench.clock_day(), bench.clock_day().plus_days(2));
    let wanted = [
        ("what", "appoint"),
        ("account", id.as_str()),
        ("role", "system_admin"),
        ("from_on", &today.to_string()),
        ("to_on", &last.to_string()),
    ];
    let case = om.ok::<k::OpenCase>(&(), &filing(&wanted)).await;
    assert_eq!((case.state, case.number.as_str()), (State::Draft, "M-2026-0001"));
    // A draft is not filed: nobody else sees it, and it gives nothing.
    assert_eq!(city.refused::<k::ReadCase>(&case.id, &Empty {}).await.code.wire(), "not_found");
    assert!(city.ok::<k::ListCases>(&(), &Default::default()).await.rows.is_empty());
    assert!(keeper.ok::<p::ReadSelf>(&(), &Empty {}).await.actor.roles == [Role::KeyKeeper]);

    let case = stepped(&mut om, &case, Act::File).await;
    // In force with the filing; the city confirms that it has come, nothing more.
    let roles = keeper.ok::<p::ReadSelf>(&(), &Empty {}).await.actor.roles;
    assert_eq!(roles, [Role::KeyKeeper, Role::SystemAdmin]);
    keeper.ok::<e::ListBackups>(&(), &Default::default()).await;
    assert!(city.ok::<k::ListCases>(&(), &Default::default()).await.rows[0].waits_for_me);
    let own = om.refused::<k::StepCase>(&case.id, &take(&case, Act::ReceiveFiling, &Form::new())).await;
    assert_eq!(own.code.wire(), "not_found");
    let case = stepped(&mut city, &case, Act::ReceiveFiling).await;
    let posts = city.ok::<k::ReadStructure>(&(), &Empty {}).await.posts;
    let post = posts.iter().find(|post| post.filing.is_some()).unwrap();
    assert_eq!(post.filing.as_ref().unwrap().2, State::Done);
    assert_eq!((post.appointed.role, post.appointed.to), (Role::SystemAdmin, Some(last)));
    assert_eq!(post.filing.as_ref().unwrap().0, case.id);

    // The same role twice at once is a mistake, and named.
    let twice = om.refused::<k::OpenCase>(&(), &filing(&wanted)).await;
    assert_eq!(twice.fields[0].field, "from_on");
    bench.later(3 * 24 * 3600);
    let mut keeper = bench.sign_in("km-01").await;
    assert_eq!(keeper.ok::<p::ReadSelf>(&(), &Empty {}).await.actor.roles, [Role::KeyKeeper]);
}

#[tokio::test]
async fn nobody_gives_themselves_a_role_and_only_the_contractors_people_are_appointed() {
    let bench = Bench::start().await;
    let mut om = bench.sign_in("om-01").await;
    let (own, nurse) = (account_of(&bench, "om-01").await, account_of(&bench, "hinata-n01").await);
    let day = bench.clock_day().to_string();
    for (who, field) in [(&own, "account"), (&nurse, "account")] {
        let wanted =
            [("what", "appoint"), ("account", who.as_str()), ("role", "key_keeper"), ("from_on", &day)];
        assert_eq!(om.refused::<k::OpenCase>(&(), &filing(&wanted)).await.fields[0].field, field);
    }
    for user_id in ["sa-01", "op-01", "hinata-m01", "city-01", "audit-01"] {
        let mut other = bench.sign_in(user_id).await;
        let keeper = account_of(&bench, "km-01").await;
        let wanted =
            [("what", "appoint"), ("account", keeper.as_str()), ("role", "operator"), ("from_on", &day)];
        let refused = other.refused::<k::OpenCase>(&(), &filing(&wanted)).await;
        assert_eq!(refused.code.wire(), "not_found", "{user_id}");
    }
    // The city enters the contractor's paper: so the first operations manager comes, or the last one goes.
    let mut city = bench.sign_in("city-01").await;
    let mut paper =
        filing(&[("what", "end"), ("account", &own), ("role", "operations_manager"), ("to_on", &day)]);
    (paper.channel, paper.received_on) = (Channel::Paper, Some(bench.clock_day()));
    let posts = city.ok::<k::ReadStructure>(&(), &Empty {}).await.posts;
    let contractor = bench.app.store.account(posts[0].account).await.unwrap().unwrap().account.facility;
    paper.facility = Some(contractor);
    let case = city.ok::<k::OpenCase>(&(), &paper).await;
    let case = stepped(&mut city, &case, Act::File).await;
    assert_eq!(stepped(&mut city, &case, Act::ReceiveFiling).await.state, State::Done);
    om.ok::<k::ReadStructure>(&(), &Empty {}).await;
    bench.later(24 * 3600);
    let mut om = bench.sign_in("om-01").await;
    assert_eq!(om.ok::<p::ReadSelf>(&(), &Empty {}).await.actor.roles, []);
    assert_eq!(om.refused::<k::ReadStructure>(&(), &Empty {}).await.code.wire(), "forbidden");
}

#[tokio::test]
async fn a_month_of_the_audit_log_is_reviewed_and_signed_for_once() {
    let bench = Bench::start().await;
    bench.sign_in("hinata-n01").await;
    // The month is sealed as it goes, and once more after its end.
    for seconds in [30 * 60, 13 * 24 * 3600] {
        bench.later(seconds);
        while functions::evidence::seal::run_due(&bench.app).await.unwrap() > 0 {}
    }
    let (mut om, mut city) = (bench.sign_in("om-01").await, bench.sign_in("city-01").await);
    let months = om.ok::<a::ListReviews>(&(), &Empty {}).await.months;
    assert_eq!((months.len(), months[0].month.as_str(), months[0].overdue), (1, "2026-11", false));
    let mut asked = filing(&[("month", "2026-11"), ("looked", "verified,refused"), ("findings", "異常なし")]);
    asked.procedure = Procedure::AuditReview;
    // Half a review is none.
    assert_eq!(om.refused::<k::OpenCase>(&(), &asked).await.fields[0].field, "looked");
    asked.form.insert("looked".into(), "refused,sign_ins,removed,patients,verified".into());
    let case = om.ok::<k::OpenCase>(&(), &asked).await;
    let second = om.ok::<k::OpenCase>(&(), &Asked { command: command(), ..asked.clone() }).await;
    let case = stepped(&mut om, &case, Act::Sign).await;
    let kept = &case.taken.last().unwrap().form;
    assert!(kept["kept_entries"].parse::<u64>().unwrap() > 0 && kept["kept_head"].len() == 64);
    let again = om.refused::<k::StepCase>(&second.id, &take(&second, Act::Sign, &Form::new())).await;
    assert_eq!(again.code.wire(), "stale");
    let case = stepped(&mut city, &case, Act::Note).await;
    assert_eq!(case.state, State::Done);
    let months = city.ok::<a::ListReviews>(&(), &Empty {}).await.months;
    let review = months[0].review.as_ref().unwrap();
    assert_eq!((review.case, review.head.as_str()), (case.id, kept_head(&case).as_str()));
    bench.later(45 * 24 * 3600);
    let mut om = bench.sign_in("om-01").await;
    let months = om.ok::<a::ListReviews>(&(), &Empty {}).await.months;
    assert!(months.iter().any(|month| month.month == "2026-12" && month.overdue), "{months:?}");
}

fn kept_head(case: &Case) -> String {
    case.taken.iter().find_map(|taken| taken.form.get("kept_head")).unwrap().clone()
}
