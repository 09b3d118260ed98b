//! Monitoring (Art. 24(2)): a record in every slot, drafts of incidents, slots in which nobody looked.

use crate::support::{self, Bench, Person, at, command};
use functions::{
    app::App,
    evidence::{
        backup,
        monitor::{self, check, ring},
        seal,
    },
    portal::publish,
};
use local::cloud::{ACCESS_LOG, ARCHIVE, settings};
use shared::{
    api::{Empty, evidence as e, procedure as k},
    calendar::Day,
    evidence::monitor::{Cadence, Part},
    procedure::{Act, Case, Channel, State, TakeStep},
};
use std::sync::Arc;

/// What the schedule does in a minute.
async fn tick(app: &App) {
    publish::run_due(app).await.unwrap();
    backup::run_due(app).await.unwrap();
    seal::run_due(app).await.unwrap();
    look(app).await;
}

/// What it does for monitoring.
async fn look(app: &App) {
    monitor::run_due(app).await.unwrap();
    ring::run_due(app).await.unwrap();
    check::run_due(app).await.unwrap();
}

/// Looks in every slot of five minutes, until before an instant; the other jobs run twice an hour.
async fn until(bench: &Bench, app: &App, end: &str) {
    for n in 0_u32.. {
        if bench.clock_now() >= at(end) {
            return;
        }
        if n.is_multiple_of(6) {
            tick(app).await;
        } else {
            look(app).await;
        }
        bench.door.write(app).await.unwrap();
        bench.later(300);
    }
}

async fn read(person: &mut Person) -> e::Monitoring {
    person.ok::<e::ReadMonitoring>(&(), &Empty {}).await
}

/// The drafts that are open. The administrator signs in for each look: time flies, and screens lock.
pub async fn drafts(bench: &Bench) -> Vec<Case> {
    let mut sa = bench.sign_in("sa-01").await;
    let listed = sa.ok::<k::ListCases>(&(), &k::CasesQuery { closed: false, number: None }).await;
    let mut found = Vec::new();
    for row in listed.rows.iter().filter(|row| row.channel == Channel::System) {
        found.push(sa.ok::<k::ReadCase>(&row.id, &Empty {}).await.case);
    }
    found.sort_by_key(|case| case.id);
    found
}

/// The same deployment, but for a setting: as if that part of it had stopped.
pub fn stopped(bench: &Bench, change: impl Fn(&mut functions::settings::Settings)) -> Arc<App> {
    let mut settings = settings(vec![format!("http://{}", bench.address)]);
    change(&mut settings);
    bench.cloud.endpoints.app(Arc::new(bench.clock.clone()), settings)
}

#[tokio::test]
async fn a_day_has_all_its_records_and_is_locked_away() {
    let bench = Bench::start().await;
    bench.clock.set(at("2026-11-21T00:00:01+09:00"));
    until(&bench, &bench.app, "2026-11-22T01:20:00+09:00").await;
    let day: Day = "2026-11-21".parse().unwrap();
    let mut om = bench.sign_in("om-01").await;
    let page = read(&mut om).await;
    let counted = page.days.iter().find(|counted| counted.day == day).unwrap();
    for (cadence, slots) in [
        (Cadence::Live, 288),
        (Cadence::Ring, 288),
        (Cadence::Answer, 96),
        (Cadence::Hourly, 24),
        (Cadence::Daily, 1),
        (Cadence::Check, 96),
    ] {
        assert_eq!(
            (counted.count(cadence).expected, counted.count(cadence).recorded),
            (slots, slots),
            "{cadence}"
        );
    }
    let bad: Vec<_> = page.watches.iter().filter(|watch| !watch.good).collect();
    assert!(counted.is_good() && page.anomalies.is_empty(), "{counted:?} {bad:?}");
    let seen: Vec<Part> = page.watches.iter().map(|watch| watch.part).collect();
    // No job looks at the disk here, and no drill ran.
    let others = [Part::Disk, Part::Restore];
    for part in Part::ALL.iter().filter(|part| !others.contains(part)) {
        assert!(seen.contains(part), "{part}");
    }
    // The day's records lie in the locked bucket, and nobody removes them.
    let (_, blobs) = bench.cloud.endpoints.clients();
    let got = blobs.get_object().bucket(ARCHIVE).key("monitor/2026-11-21.json").send().await.unwrap();
    let version = got.version_id.clone().unwrap();
    assert_eq!(got.object_lock_retain_until_date.unwrap().secs(), day.locked_until().seconds());
    let body: serde_json::Value =
        serde_json::from_slice(&got.body.collect().await.unwrap().into_bytes()).unwrap();
    assert_eq!(body["records"].as_array().unwrap().len(), 288 + 288 + 96 + 24 + 1 + 96);
    let delete = blobs.delete_object().bucket(ARCHIVE).key("monitor/2026-11-21.json").version_id(version);
    assert!(delete.send().await.is_err());
}

#[tokio::test]
async fn a_slot_has_one_record_however_often_it_is_looked() {
    let bench = Bench::start().await;
    let (first, again) = tokio::join!(monitor::run_due(&bench.app), monitor::run_due(&bench.app));
    assert_eq!(first.unwrap() + again.unwrap(), 4);
    assert_eq!(monitor::run_due(&bench.app).await.unwrap(), 0);
    bench.later(300);
    assert_eq!(monitor::run_due(&bench.app).await.unwrap(), 1);
    let records = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Live)).await.unwrap();
    assert_eq!(records.len(), 2);
}

#[tokio::test]
async fn a_part_that_stops_opens_one_draft_and_its_return_is_told() {
    let bench = Bench::start().await;
    tick(&bench.app).await;
    assert!(drafts(&bench).await.is_empty());
    // The portal's bucket and the public address are gone.
    let broken = stopped(&bench, |settings| {
        settings.portal = "tsunagaru-nowhere".into();
        settings.origins = vec!["http://127.0.0.1:1".into()];
    });
    bench.later(300);
    let stopped_at = bench.clock_now();
    monitor::run_due(&broken).await.unwrap();
    let found = drafts(&bench).await;
    let about: Vec<_> = found.iter().map(|case| case.about.as_str()).collect();
    assert_eq!(about, ["自動検知: ポータルの保管場所", "自動検知: API"]);
    for case in &found {
        assert_eq!(case.state, State::Suspected);
        let told = |name: &str| shared::procedure::moment_of(&case.form[name]).unwrap();
        assert!(told("occurred_at") <= told("found_at") && told("found_at") <= stopped_at);
        assert!(stopped_at.ms() - told("occurred_at").ms() < 300_000 + 60_000);
        assert!(case.form["content"].contains("最後に正常だった点検"));
    }
    // It goes on and opens nothing more; nor does what comes and goes.
    for _ in 0..4 {
        bench.later(300);
        monitor::run_due(&broken).await.unwrap();
        bench.later(300);
        tick(&bench.app).await;
    }
    let later = drafts(&bench).await;
    let mut parts: Vec<_> = later.iter().map(|case| case.about.as_str()).collect();
    parts.sort_unstable();
    parts.dedup();
    assert_eq!(parts.len(), later.len(), "a part has one draft");
    let api = later.iter().find(|case| case.about.ends_with("API")).unwrap();
    let remarks: Vec<_> = api.taken.iter().filter(|taken| taken.act == Act::Comment).collect();
    assert_eq!(remarks.len(), 1, "one hour has one remark: the first return");
    assert!(remarks[0].form["comment"].contains("正常に戻っています"));
    let mut city = bench.sign_in("city-01").await;
    let page = read(&mut city).await;
    assert!(page.anomalies.iter().any(|anomaly| anomaly.part == Part::Api && anomaly.case == api.id));
    let watch = page.watches.iter().find(|watch| watch.part == Part::Api).unwrap();
    assert!(watch.good && watch.trouble.as_ref().unwrap().changes >= 7);

    // Closed by a person, it is done; what stops again is another one.
    let reason = [("reason".to_owned(), "試験のための停止".to_owned())];
    let dismiss =
        TakeStep { command: command(), act: Act::Dismiss, version: api.version, form: reason.into() };
    bench.sign_in("sa-01").await.ok::<k::StepCase>(&api.id, &dismiss).await;
    bench.later(300);
    monitor::run_due(&bench.app).await.unwrap();
    bench.later(300);
    monitor::run_due(&broken).await.unwrap();
    let again: Vec<_> = drafts(&bench).await.into_iter().filter(|case| case.about.ends_with("API")).collect();
    assert_eq!(again.len(), 1);
    assert_ne!(again[0].id, api.id);
}

#[tokio::test]
async fn slots_in_which_nobody_looked_are_found_by_the_check() {
    let bench = Bench::start().await;
    tick(&bench.app).await;
    bench.later(300);
    tick(&bench.app).await;
    // From 10:10 on nobody looks; the check is another function and goes on.
    bench.clock.set(at("2026-11-20T10:30:30+09:00"));
    check::run_due(&bench.app).await.unwrap();
    let found = drafts(&bench).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].about, "自動検知: 監視の記録");
    let content = &found[0].form["content"];
    assert!(content.contains("5分ごと 11/20 10:10〜10:25（3枠）"), "{content}");
    assert!(!content.contains("15分ごと 11/20 10:15〜10:30"), "its grace is not over: {content}");
    // The same slots are not found twice; monitoring that runs again is told.
    tick(&bench.app).await;
    bench.clock.set(at("2026-11-20T10:35:00+09:00"));
    tick(&bench.app).await;
    bench.clock.set(at("2026-11-20T10:40:00+09:00"));
    tick(&bench.app).await;
    bench.clock.set(at("2026-11-20T10:45:30+09:00"));
    tick(&bench.app).await;
    let later = drafts(&bench).await;
    assert_eq!(later.len(), 1);
    let mut auditor = bench.sign_in("audit-01").await;
    let page = read(&mut auditor).await;
    let today = page.days.last().unwrap();
    let live = today.count(Cadence::Live);
    // 10:25 to 10:30 has none either: its grace was over after 10:32.
    assert_eq!((live.expected - live.recorded, today.is_good()), (4, false));
}

#[tokio::test]
async fn the_check_that_stands_still_is_found_by_monitoring() {
    let bench = Bench::start().await;
    tick(&bench.app).await;
    bench.later(40 * 60);
    seal::run_due(&bench.app).await.unwrap();
    monitor::run_due(&bench.app).await.unwrap();
    let found = drafts(&bench).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].form["content"].contains("監視の点検が"), "{:?}", found[0].form);
}

#[tokio::test]
async fn a_job_that_did_not_run_is_found() {
    let bench = Bench::start().await;
    tick(&bench.app).await;
    // The night passes without a backup and without a seal.
    bench.clock.set(at("2026-11-21T03:05:00+09:00"));
    check::run_due(&bench.app).await.unwrap();
    monitor::run_due(&bench.app).await.unwrap();
    let found = drafts(&bench).await;
    let content: String = found.iter().map(|case| case.form["content"].clone()).collect();
    assert!(content.contains("日次バックアップ（2026-11-20に送られた分）がありません"), "{content}");
    assert!(content.contains("操作記録の封印が"), "{content}");
}

#[tokio::test]
async fn a_backup_that_never_ran_is_found_also_of_a_day_on_which_nothing_was_sent() {
    let bench = Bench::start().await;
    monitor::run_due(&bench.app).await.unwrap();
    seal::run_due(&bench.app).await.unwrap();
    bench.clock.set(at("2026-11-22T03:05:00+09:00"));
    assert!(bench.app.store.journal("2026-11-21".parse().unwrap()).await.unwrap().is_empty());
    assert_eq!(bench.app.store.last_day_kept().await.unwrap(), None);
    monitor::run_due(&bench.app).await.unwrap();
    let found = drafts(&bench).await;
    let content: String = found.iter().map(|case| case.form["content"].clone()).collect();
    assert!(content.contains("日次バックアップ（2026-11-21に送られた分）がありません"), "{content}");
}

#[tokio::test]
async fn what_monitoring_wrote_down_outside_is_taken_on_by_the_check() {
    let bench = Bench::start().await;
    tick(&bench.app).await;
    let broken = stopped(&bench, |settings| settings.portal = "tsunagaru-nowhere".into());
    bench.later(300);
    assert_eq!(monitor::look_due(&broken).await.unwrap(), 1);
    // It is solved before anybody inside looks: the draft is opened all the same.
    bench.later(300);
    assert_eq!(monitor::look_due(&bench.app).await.unwrap(), 1);
    assert!(drafts(&bench).await.is_empty());
    assert!(!check::run_due(&bench.app).await.unwrap(), "the slot of the check has its record");
    let found = drafts(&bench).await;
    let about: Vec<_> = found.iter().map(|case| case.about.as_str()).collect();
    assert_eq!(about, ["自動検知: ポータルの保管場所"]);
    let watch = bench.app.store.watch(Part::Portal).await.unwrap().unwrap();
    assert!(watch.good && watch.trouble.is_some_and(|trouble| trouble.case == found[0].id));
}

#[tokio::test]
async fn monitoring_signs_in_with_two_factors_and_reads_nothing_of_patients() {
    let bench = Bench::start().await;
    monitor::run_due(&bench.app).await.unwrap();
    let looks = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Answer)).await.unwrap();
    assert!(looks[0].looks[0].good, "{:?}", looks[0].looks);
    let account = bench.app.settings.monitor.clone().unwrap();
    let login = bench.app.store.login(&account.user_id).await.unwrap().unwrap();
    let row = bench.app.store.account(login.account).await.unwrap().unwrap();
    assert!(row.account.roles.is_empty());
    // Its session is over, and all of it is in the audit log.
    assert!(bench.app.store.sessions(login.account).await.unwrap().is_empty());
    let events = bench.events().await;
    let own: Vec<_> =
        events.iter().filter(|ev| ev.who.as_ref().is_some_and(|who| who.account == login.account)).collect();
    let actions: Vec<_> = own.iter().map(|event| event.action.wire()).collect();
    assert!(actions.contains(&"prove_factor") && actions.contains(&"sign_out"), "{actions:?}");
    // Somebody who has its credentials opens nothing.
    bench.later(60);
    let mut thief = bench.nobody();
    let given = support::credentials(&account.user_id, &account.password);
    thief.ok::<shared::api::people::SignIn>(&(), &given).await;
    let code = functions::people::factor::code_at(&account.totp_secret, bench.clock_now()).unwrap();
    thief.ok::<shared::api::people::ProveFactor>(&(), &shared::people::FactorProof { code }).await;
    for path in ["/api/patients", "/api/audit", "/api/backups", "/api/monitoring", "/api/people"] {
        assert_eq!(thief.send("GET", path, None).await.status, 403, "{path}");
    }
    // New credentials of the settings are taken over; a role on the account is an anomaly, not a convenience.
    let renewed = stopped(&bench, |settings| {
        if let Some(monitor) = &mut settings.monitor {
            monitor.password = "another-long-password-1".into();
        }
    });
    bench.later(15 * 60);
    monitor::run_due(&renewed).await.unwrap();
    let looks = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Answer)).await.unwrap();
    assert!(looks.last().unwrap().looks[0].good, "{:?}", looks.last());
    // It has one account, which its role may open and no other; a second one is not made.
    let renamed = stopped(&bench, |settings| {
        if let Some(monitor) = &mut settings.monitor {
            monitor.user_id = "monitor-2".into();
        }
    });
    bench.later(15 * 60);
    monitor::run_due(&renamed).await.unwrap();
    let looks = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Answer)).await.unwrap();
    let look = &looks.last().unwrap().looks[0];
    assert!(!look.good && look.words.contains("ユーザーIDは変えられません"), "{look:?}");
    let none = stopped(&bench, |settings| settings.monitor = None);
    bench.later(15 * 60);
    monitor::run_due(&none).await.unwrap();
    let looks = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Answer)).await.unwrap();
    assert!(!looks.last().unwrap().looks[0].good);
}

#[tokio::test]
async fn a_clock_that_drifts_is_found() {
    let bench = Bench::start().await;
    bench.clock.drift(9);
    monitor::run_due(&bench.app).await.unwrap();
    let looks = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Hourly)).await.unwrap();
    let look = &looks[0].looks[0];
    assert!(look.part == Part::Clock && !look.good, "{look:?}");
    assert!(look.words.contains("+8.") || look.words.contains("+9."), "{look:?}");
    bench.clock.drift(0);
    bench.later(3600);
    monitor::run_due(&bench.app).await.unwrap();
    let looks = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Hourly)).await.unwrap();
    assert!(looks.last().unwrap().looks[0].good, "{:?}", looks.last());
}

#[tokio::test]
async fn the_firewalls_log_is_looked_at_daily_and_holds_no_address() {
    let bench = Bench::start().await;
    let stranger = bench.nobody();
    for _ in 0..230 {
        stranger.send("GET", "/api/patients", None).await;
    }
    let mut nurse = bench.sign_in("hinata-n01").await;
    nurse.first_patient().await;
    let lines = bench.door.write(&bench.app).await.unwrap();
    assert!(lines > 230, "what is let through is in the log, too");
    assert_eq!(bench.door.write(&bench.app).await.unwrap(), 0);
    bench.clock.set(at("2026-11-21T00:30:00+09:00"));
    monitor::run_due(&bench.app).await.unwrap();
    let day = bench.clock_day();
    assert!(bench.app.store.monitor_records(day, Some(Cadence::Daily)).await.unwrap().is_empty());
    bench.clock.set(at("2026-11-21T01:00:00+09:00"));
    monitor::run_due(&bench.app).await.unwrap();
    let records = bench.app.store.monitor_records(day, Some(Cadence::Daily)).await.unwrap();
    let look = &records[0].looks[0];
    let found = look.firewall.as_ref().unwrap();
    assert_eq!((found.day.to_string().as_str(), found.refused), ("2026-11-20", 230));
    assert_eq!(found.lines, lines as u64);
    assert_eq!((found.sources[0].name.as_str(), found.rules[0].name.as_str()), ("127.0.0.0/24", "http-401"));
    assert!(!look.good && look.words.contains("同じ接続元"), "{look:?}");
    assert!(!serde_json::to_string(look).unwrap().contains("127.0.0.1"));
    // Without a place of the log, that is the anomaly.
    let (_, blobs) = bench.cloud.endpoints.clients();
    assert!(blobs.head_bucket().bucket(ACCESS_LOG).send().await.is_ok());
    let none = stopped(&bench, |settings| settings.access_log = None);
    bench.clock.set(at("2026-11-22T01:00:00+09:00"));
    monitor::run_due(&none).await.unwrap();
    let records = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Daily)).await.unwrap();
    assert!(!records[0].looks[0].good);
}

#[tokio::test]
async fn a_day_without_a_line_is_a_log_that_does_not_arrive() {
    let bench = Bench::start().await;
    let look = async |now: &str| {
        bench.clock.set(at(now));
        monitor::run_due(&bench.app).await.unwrap();
        let day = bench.clock_day();
        let records = bench.app.store.monitor_records(day, Some(Cadence::Daily)).await.unwrap();
        records.into_iter().flat_map(|record| record.looks).next()
    };
    assert!(look("2026-11-21T00:00:00+09:00").await.is_none());
    // Of a day that ended before monitoring began nothing is asked.
    let before = look("2026-11-21T01:00:00+09:00").await.unwrap();
    assert!(before.good && before.words.contains("2026-11-20: 記録0件"), "{before:?}");
    // The requests of monitoring itself, all of them let through.
    let lines = bench.door.write(&bench.app).await.unwrap();
    let quiet = look("2026-11-22T01:00:00+09:00").await.unwrap();
    let found = quiet.firewall.as_ref().unwrap();
    assert_eq!((quiet.good, found.lines, found.refused), (true, lines as u64, 0), "{quiet:?}");
    // The door is asked on this day as well, and nothing of it arrives.
    let dead = look("2026-11-23T01:00:00+09:00").await.unwrap();
    assert!(!dead.good && dead.words.contains("1件も届いていません"), "{dead:?}");
    let about: Vec<_> = drafts(&bench).await.into_iter().map(|case| case.about).collect();
    assert!(about.contains(&"自動検知: ファイアウォールのアクセス記録".to_owned()), "{about:?}");
}

#[tokio::test]
async fn whoever_has_no_business_with_it_does_not_see_it() {
    let bench = Bench::start().await;
    for user in ["hinata-n01", "op-01", "km-01"] {
        let mut person = bench.sign_in(user).await;
        let refused = person.refused::<e::ReadMonitoring>(&(), &Empty {}).await;
        assert_eq!(refused.code.wire(), "forbidden", "{user}");
    }
    let page = read(&mut bench.sign_in("sa-01").await).await;
    assert_eq!((page.begun, page.days.len()), (None, 0));
    let health = bench.nobody().ok::<e::AskHealth>(&(), &Empty {}).await;
    assert_eq!(health.contract, shared::CONTRACT);
}
