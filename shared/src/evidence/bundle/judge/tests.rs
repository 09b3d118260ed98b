use super::super::{
    CaseFact, Checkpoint, DrillFact, FacilityFact, GenerationFact, LedgerFact, ManualFact, MonthFact,
    PostFact, RunbookFact, StepFact, Tally,
};
use super::*;
use crate::{
    calendar::Timestamp,
    evidence::{
        BackupKind,
        monitor::{MonitorDay, SlotCount},
        runbook::Standing as RunbookStanding,
        schedule::{BackupTimes, Monthly, TimeOfDay},
    },
    id::{AccountId, CaseId, FacilityId, GenerationId},
    procedure::{FieldKind, Form, Party},
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn generation(n: u64, of: Day) -> GenerationFact {
    let id = GenerationId::from_parts(n, u128::from(n));
    GenerationFact {
        id,
        kind: BackupKind::Daily,
        day: of,
        finished_at: of.plus_days(1).start().plus_seconds(2 * 3600),
        manifest_key: format!("daily/{of}/{id}/manifest.json"),
        manifest_version: "v".into(),
        manifest_sha256: "00".into(),
        manifest_found: true,
        locked_until: Some(of.locked_until()),
        must_be_locked_until: of.locked_until(),
        verified: true,
        verified_at: Some(of.plus_days(1).start().plus_seconds(2 * 3600)),
    }
}

fn case(procedure: Procedure, number: &str, acts: &[Act]) -> CaseFact {
    let asked_at = at("2026-11-10T10:00:00+09:00");
    CaseFact {
        id: CaseId::from_parts(1, 1),
        number: number.into(),
        procedure,
        facility: FacilityId::from_parts(1, 1),
        state: State::Done,
        choices: Form::new(),
        asked_at,
        due_at: asked_at.plus_seconds(86_400),
        closed_at: Some(asked_at.plus_seconds(3600)),
        came_to_nothing: false,
        overdue: false,
        steps: acts
            .iter()
            .map(|act| StepFact { act: *act, party: Party::City, by: None, at: asked_at })
            .collect(),
        files_sha256: Vec::new(),
        record_sha256: "00".into(),
    }
}

/// A check that found everything in order.
fn check(procedure: Procedure, number: &str, answer: &str) -> CaseFact {
    let chosen =
        declaration(procedure).fields.iter().filter(|field| matches!(field.kind, FieldKind::OneOf(_)));
    let choices = chosen.map(|field| (field.name.to_owned(), answer.to_owned())).collect();
    CaseFact { choices, ..case(procedure, number, &[]) }
}

/// What the city approved long before, and what holds since.
fn approved(procedure: Procedure, number: &str, act: Act) -> CaseFact {
    let then = at("2025-03-03T10:00:00+09:00");
    let topic = declaration(procedure).fields.iter().find(|field| field.name == "topic");
    let choices = topic.into_iter().filter_map(|field| match field.kind {
        FieldKind::ManyOf(all) => {
            let all: Vec<&str> = all.iter().map(|(wire, _)| *wire).collect();
            Some((field.name.to_owned(), all.join(",")))
        }
        _ => None,
    });
    CaseFact {
        id: CaseId::from_parts(1, 2),
        choices: choices.collect(),
        files_sha256: vec!["00".into()],
        asked_at: then,
        due_at: then.plus_seconds(86_400),
        closed_at: Some(then),
        ..case(procedure, number, &[act])
    }
}

/// November 2026 in a service that keeps to everything.
fn good() -> Facts {
    let (from, to) = (day("2026-11-01"), day("2026-11-30"));
    let all: Vec<Day> = (0..30).map(|n| from.plus_days(n)).collect();
    let posts = [Role::OperationsManager, Role::SystemAdmin, Role::Operator, Role::KeyKeeper];
    let incident = [
        Act::Contact,
        Act::Preserve,
        Act::Analyse,
        Act::Inform,
        Act::Log,
        Act::Secure,
        Act::Mitigate,
        Act::Recover,
        Act::Submit,
        Act::ReceiveReport,
    ];
    let mut inquiry = case(Procedure::Inquiry, "Q-2026-0001", &[Act::Answer, Act::Settle]);
    inquiry.choices.insert("topic".into(), "use".into());
    let mut training = case(Procedure::Training, "G-2026-0001", &[Act::ConfirmTraining]);
    training.choices.insert("topic".into(), "purpose,password,away,report".into());
    Facts {
        from,
        to,
        now: at("2026-12-20T09:00:00+09:00"),
        first_day: Some(day("2026-09-01")),
        last_due_day: day("2026-12-19"),
        generations: all
            .iter()
            .zip(1..)
            .map(|(of, n)| generation(n, *of))
            .chain([
                GenerationFact { kind: BackupKind::Monthly, ..generation(41, from) },
                GenerationFact { kind: BackupKind::System, ..generation(42, from) },
            ])
            .collect(),
        manual: Vec::new(),
        times: vec![BackupTimes {
            from: day("2025-04-01"),
            daily: TimeOfDay { hour: 2, minute: 0 },
            monthly: Monthly { day: 1, at: TimeOfDay { hour: 3, minute: 0 }, stop_minutes: 30 },
            case: CaseId::from_parts(1, 2),
        }],
        cases: vec![
            case(Procedure::AccountAdd, "A-2026-0001", &[Act::Register, Act::Print, Act::Post, Act::Receive]),
            inquiry,
            case(Procedure::Incident, "I-2026-0001", &incident),
            training,
            case(Procedure::Acceptance, "H-2026-0001", &[Act::CheckAcceptance, Act::PermitAcceptance]),
            check(Procedure::SiteCheck, "O-2026-0001", "fit"),
            check(Procedure::FacilityCheck, "FC-2026-0001", "kept"),
            approved(Procedure::Regulation, "N-2025-0001", Act::Approve),
            approved(Procedure::Compliance, "J-2025-0001", Act::Approve),
            approved(Procedure::BackupSchedule, "K-2025-0001", Act::DecideTimes),
        ],
        facilities: vec![FacilityFact {
            id: FacilityId::from_parts(1, 1),
            name: "みどり診療所".into(),
            since: day("2025-04-01"),
            people: 4,
            managers: 1,
        }],
        lost_numbers: Vec::new(),
        posts: posts
            .iter()
            .map(|role| PostFact {
                account: AccountId::from_parts(1, 1),
                role: *role,
                from: day("2026-04-01"),
                to: None,
                filing: Some("M-2026-0001".into()),
            })
            .collect(),
        checkpoints: all
            .iter()
            .zip(1..)
            .map(|(of, n)| Checkpoint {
                number: n,
                to: of.plus_days(1).start(),
                entries: n,
                previous: String::new(),
                head: String::new(),
                key: String::new(),
                version: String::new(),
            })
            .collect(),
        lost_seals: Vec::new(),
        sealed_until: Some(at("2026-12-20T08:00:00+09:00")),
        months: vec![MonthFact {
            month: "2026-11".into(),
            review: Some("L-2026-0002".into()),
            overdue: false,
        }],
        ledger: Some(LedgerFact {
            number: 2,
            rows: 31,
            sha256: "00".into(),
            at: at("2026-10-02T10:00:00+09:00"),
            kept_in: Some("system/x/manifest.json".into()),
        }),
        runbooks: vec![RunbookFact {
            number: 1,
            title: "題".into(),
            version: 1,
            standing: RunbookStanding {
                reviewed_on: day("2026-11-26"),
                review_due: day("2027-11-25"),
                review_overdue: false,
                rehearsed_on: None,
                rehearsal_due: None,
                rehearsal_overdue: true,
            },
            copy: Some("runbooks/x".into()),
        }],
        watched: all.iter().map(|of| watched_day(*of)).collect(),
        drills: [5, 12, 19, 26].map(drill).into(),
    }
}

fn watched_day(of: Day) -> MonitorDay {
    let slots = [(Cadence::Live, 288), (Cadence::Answer, 96), (Cadence::Daily, 1), (Cadence::Ring, 288)];
    let slots = slots.map(|(cadence, slots)| SlotCount { cadence, expected: slots, recorded: slots }).into();
    MonitorDay { day: of, slots, parts: Vec::new() }
}

fn drill(on: u8) -> DrillFact {
    let of = Day::new(2026, 11, on).unwrap();
    DrillFact { at: of.start().plus_seconds(4 * 3600), good: true, newest_day: Some(of.plus_days(-1)) }
}

/// The clauses that stand otherwise than in [`good`], with their state.
fn changed(facts: &Facts) -> Vec<(String, ClauseState)> {
    let before = judge(&good());
    let after = judge(facts);
    assert_eq!(before.len(), after.len());
    let differ = before.iter().zip(&after).filter(|(before, after)| before.state != after.state);
    differ.map(|(_, after)| (after.at.clone(), after.state)).collect()
}

#[test]
fn a_good_month_has_nothing_red() {
    let findings = judge(&good());
    let red: Vec<_> = findings
        .iter()
        .filter(|finding| !matches!(finding.state, ClauseState::Met | ClauseState::Idle))
        .collect();
    assert!(red.is_empty(), "{red:?}");
    let state = |at: &str| findings.iter().find(|finding| finding.at == at).unwrap().state;
    assert_eq!(state("第23条(1) 毎日"), ClauseState::Met);
    assert_eq!(state("第16条(4)"), ClauseState::Met);
    assert_eq!(state("第16条(1)"), ClauseState::Idle);
    assert_eq!(state("第9条(1)"), ClauseState::Met);
    assert_eq!(state("第18条(2)"), ClauseState::Idle, "nothing had to be cut");
    assert_eq!(state("第4条(5)"), ClauseState::Met);
    assert_eq!(state("第4条(4)"), ClauseState::Idle, "nobody was trained in it");
    assert_eq!(state("第8条"), ClauseState::Met);
    let tally = Tally::of(&findings);
    assert_eq!(tally.all as usize, CLAUSES.len());
    assert_eq!(tally.met + tally.missing + tally.late + tally.idle + tally.unfit, tally.all);
    assert!(tally.in_words().starts_with(&format!("{}項目すべてを判定", CLAUSES.len())));
}

#[test]
fn one_record_less_turns_exactly_its_clause_red() {
    type Break = fn(&mut Facts);
    let breaks: &[(Break, &str, ClauseState)] = &[
        (|f| drop(f.generations.remove(9)), "第23条(1) 毎日", ClauseState::Missing),
        (|f| f.generations[4].verified = false, "第23条(1) 毎日", ClauseState::Missing),
        (|f| f.generations[4].locked_until = None, "第23条(1) 5年", ClauseState::Missing),
        (
            |f| f.generations[4].locked_until = Some(f.generations[4].must_be_locked_until.plus_seconds(-1)),
            "第23条(1) 5年",
            ClauseState::Missing,
        ),
        (|f| f.generations.push(generation(99, day("2026-11-03"))), "第24条(1)", ClauseState::Missing),
        (|f| f.posts[0].to = Some(day("2026-11-29")), "第3条1", ClauseState::Missing),
        (|f| drop(f.posts.remove(3)), "第3条2", ClauseState::Missing),
        (|f| f.posts[1].filing = None, "第3条3", ClauseState::Missing),
        (
            |f| f.lost_numbers.push((Procedure::AccountAdd, "A-2026-0002".into())),
            "第13条(1)",
            ClauseState::Missing,
        ),
        (
            |f| f.lost_numbers.push((Procedure::Inquiry, "Q-2026-0002".into())),
            "第16条 記録",
            ClauseState::Missing,
        ),
        (
            |f| f.lost_numbers.push((Procedure::Incident, "I-2026-0002".into())),
            "第18条 記録",
            ClauseState::Missing,
        ),
        (|f| f.cases[2].steps.retain(|step| step.act != Act::Preserve), "第18条(4)", ClauseState::Missing),
        (|f| f.cases[0].overdue = true, "第13条(1)", ClauseState::Late),
        (
            |f| f.cases[2].closed_at = Some(f.cases[2].due_at.plus_seconds(1)),
            "第18条 記録",
            ClauseState::Late,
        ),
        (|f| f.facilities[0].managers = 0, "第5条1", ClauseState::Missing),
        (|f| drop(f.cases[5].choices.insert("fire".into(), "unfit".into())), "第9条(9)", ClauseState::Unfit),
        (|f| f.ledger = None, "第8条", ClauseState::Missing),
        (|f| f.ledger.as_mut().unwrap().kept_in = None, "第8条", ClauseState::Missing),
        (|f| f.lost_seals.push(7), "要件8", ClauseState::Missing),
        (|f| f.sealed_until = Some(at("2026-11-30T23:00:00+09:00")), "要件8", ClauseState::Missing),
        (|f| (f.months[0].review, f.months[0].overdue) = (None, true), "要件7", ClauseState::Late),
        (|f| f.runbooks[0].standing.review_overdue = true, "第24条(3)", ClauseState::Late),
        (|f| f.runbooks[0].copy = None, "第24条(3)", ClauseState::Missing),
        (|f| f.watched[8].slots[0].recorded = 287, "第24条(2) 5分", ClauseState::Missing),
        (|f| f.watched[8].slots[3].recorded = 287, "第24条(2) 5分", ClauseState::Missing),
        (|f| f.watched[8].slots[1].recorded = 95, "第24条(2) 15分", ClauseState::Missing),
        (|f| f.watched[8].slots[2].recorded = 0, "第24条(2) 記録", ClauseState::Missing),
        (|f| f.drills[1].good = false, "要件12", ClauseState::Missing),
        (|f| f.drills.truncate(3), "要件12", ClauseState::Missing),
        (|f| f.generations.retain(|g| g.kind != BackupKind::Monthly), "第23条(1) 毎月", ClauseState::Missing),
        (|f| f.generations.retain(|g| g.kind != BackupKind::System), "第21条(4)", ClauseState::Missing),
        (|f| f.generations[31].verified = false, "第21条(4)", ClauseState::Missing),
        (
            |f| {
                let second = generation(98, day("2026-11-15"));
                f.generations.push(GenerationFact { kind: BackupKind::Monthly, ..second });
            },
            "第24条(1)",
            ClauseState::Missing,
        ),
        (|f| f.cases[7].state = State::Withdrawn, "第6条", ClauseState::Missing),
        (|f| f.cases[7].files_sha256.clear(), "第6条", ClauseState::Missing),
        (
            |f| {
                let topics = f.cases[8].choices.get_mut("topic").unwrap();
                *topics = topics.replace("cloud_use,", "");
            },
            "第7条1(6)",
            ClauseState::Missing,
        ),
        (|f| f.times.clear(), "第23条(2)", ClauseState::Missing),
        (|f| f.times[0].from = day("2026-11-11"), "第23条(2)", ClauseState::Missing),
        (|f| drop(f.cases.remove(9)), "第23条(2)", ClauseState::Missing),
        (|f| f.cases[9].steps.clear(), "第23条(2)", ClauseState::Missing),
        (
            |f| f.lost_numbers.push((Procedure::BackupSchedule, "K-2026-0001".into())),
            "第23条(2)",
            ClauseState::Missing,
        ),
    ];
    for (number, (broken, clause, state)) in breaks.iter().enumerate() {
        let mut facts = good();
        broken(&mut facts);
        assert_eq!(changed(&facts), [((*clause).to_owned(), *state)], "break {number}");
    }
}

#[test]
fn a_training_that_nobody_confirmed_in_time_is_late_in_all_its_matters_and_a_refused_one_is_none() {
    let mut facts = good();
    facts.cases[3].overdue = true;
    let late: Vec<_> = changed(&facts);
    assert!(late.iter().all(|(at, state)| at.starts_with("第4条") && *state == ClauseState::Late));
    assert_eq!(late.len(), 4);
    facts.cases[3].came_to_nothing = true;
    assert!(changed(&facts).iter().all(|(_, state)| *state == ClauseState::Idle));
}

#[test]
fn the_place_is_looked_at_once_a_year_and_before_the_first_day_of_use_is_over() {
    let gone = |facts: &Facts| {
        let changed = changed(facts);
        assert!(changed.iter().all(|(at, state)| {
            (at.starts_with("第9条") || at.starts_with("第10条")) && *state == ClauseState::Missing
        }));
        changed.len()
    };
    let mut facts = good();
    facts.cases[5].closed_at = Some(at("2025-11-30T10:00:00+09:00"));
    assert_eq!(gone(&facts), 0, "a year and no day ago");
    facts.cases[5].closed_at = Some(at("2025-11-29T10:00:00+09:00"));
    assert_eq!(gone(&facts), 12);
    facts.cases[5].closed_at = Some(at("2026-12-01T10:00:00+09:00"));
    assert_eq!(gone(&facts), 12, "after the period");
    facts.cases.remove(5);
    assert_eq!(gone(&facts), 12);
}

#[test]
fn each_facility_looks_at_itself_within_its_first_year_and_every_year() {
    let late = |facts: &Facts| {
        let findings = judge(facts);
        let of_rules = findings.iter().filter(|finding| finding.at.starts_with("第5条2"));
        of_rules.filter(|finding| finding.state == ClauseState::Late).count()
    };
    let mut facts = good();
    facts.first_day = Some(day("2025-04-01"));
    assert_eq!(late(&facts), 0);
    facts.cases.remove(6);
    assert_eq!(late(&facts), 4);
    facts.facilities[0].since = day("2025-12-01");
    assert_eq!(late(&facts), 0, "its first year ends with the period");
    facts.facilities[0].since = day("2025-11-29");
    assert_eq!(late(&facts), 4);
    facts.facilities[0].people = 0;
    assert_eq!(late(&facts), 0, "nobody there uses the network");
}

/// Art. 11: 年1回.
#[test]
fn a_yearly_inspection_is_late_when_a_whole_year_had_none() {
    let state = |facts: &Facts| {
        judge(facts).into_iter().find(|finding| finding.at == "第11条").map(|finding| finding.state)
    };
    let mut facts = good();
    assert_eq!(state(&facts), Some(ClauseState::Idle), "in the first year of use");
    facts.first_day = Some(day("2025-11-29"));
    assert_eq!(state(&facts), Some(ClauseState::Late));
    facts.cases.push(case(Procedure::PowerInspection, "V-2026-0001", &[]));
    assert_eq!(state(&facts), Some(ClauseState::Met));
    facts.cases[10].closed_at = Some(at("2026-03-01T10:00:00+09:00"));
    assert_eq!(state(&facts), Some(ClauseState::Idle), "it was before the period, and within the year");
}

#[test]
fn a_ledger_that_came_after_the_period_proves_nothing_of_it_unless_there_was_one_before() {
    let mut facts = good();
    facts.ledger.as_mut().unwrap().at = at("2026-12-01T09:00:00+09:00");
    assert_eq!(changed(&facts), []);
    facts.ledger.as_mut().unwrap().number = 1;
    assert_eq!(changed(&facts), [("第8条".to_owned(), ClauseState::Missing)]);
}

#[test]
fn a_reason_makes_a_run_by_hand_good() {
    let mut facts = good();
    let second = generation(99, day("2026-11-03"));
    facts.manual.push(ManualFact { generation: second.id, day: second.day });
    facts.generations.push(second);
    assert_eq!(changed(&facts), [("第24条(1)".to_owned(), ClauseState::Met)]);
}

#[test]
fn what_was_saved_or_approved_before_the_period_holds_in_it() {
    let mut facts = good();
    facts.generations[31].day = day("2026-06-01");
    assert_eq!(changed(&facts), []);
    let findings = judge(&facts);
    let of = |at: &str| findings.iter().find(|finding| finding.at == at).unwrap();
    assert_eq!(of("第6条").records[0].words, "案件 N-2025-0001");
    assert_eq!((of("第23条(2)").count, of("第23条(2)").records[0].words.as_str()), (1, "案件 K-2025-0001"));
}

#[test]
fn times_of_the_settings_were_approved_by_nobody() {
    let mut facts = good();
    let why = |facts: &Facts| {
        let found = judge(facts).into_iter().find(|finding| finding.at == "第23条(2)").unwrap();
        (found.state, found.why)
    };
    // The backup of the 10th ran on the 11th, the first day of the approved times.
    facts.times[0].from = day("2026-11-11");
    let days = "2026-11-01〜2026-11-09 の分のバックアップ日時の承認（9日分）";
    assert_eq!(why(&facts), (ClauseState::Missing, days.to_owned()));
    facts.times.clear();
    facts.first_day = Some(day("2026-11-30"));
    assert_eq!(why(&facts), (ClauseState::Missing, "2026-11-30 の分のバックアップ日時の承認".to_owned()));
    facts.first_day = None;
    assert_eq!(why(&facts).0, ClauseState::Idle, "nobody uses it");
}

#[test]
fn a_run_by_hand_before_the_period_is_none_of_the_period() {
    let mut facts = good();
    let second = generation(98, day("2026-11-03"));
    facts.generations.push(GenerationFact { kind: BackupKind::Monthly, ..second });
    facts.from = day("2026-11-03");
    assert_eq!(changed(&facts), [("第24条(1)".to_owned(), ClauseState::Missing)]);
    facts.from = day("2026-11-04");
    assert_eq!(changed(&facts), []);
}

#[test]
fn days_before_the_first_use_and_days_to_come_ask_for_nothing() {
    let mut facts = good();
    facts.first_day = Some(day("2026-11-10"));
    facts.last_due_day = day("2026-11-20");
    let daily = |g: &GenerationFact| g.kind == BackupKind::Daily;
    facts.generations.retain(|g| !daily(g) || g.day >= day("2026-11-10") && g.day <= day("2026-11-20"));
    assert_eq!(changed(&facts), []);
    for (gone, words) in [
        ("2026-11-20", "2026-11-20 の世代"),
        ("2026-11-17", "2026-11-17 の世代、2026-11-20 の世代"),
        ("2026-11-19", "2026-11-17 の世代、2026-11-19〜2026-11-20 の世代（2日分）"),
    ] {
        facts.generations.retain(|g| g.day != day(gone));
        let findings = judge(&facts);
        let daily = findings.iter().find(|finding| finding.at == "第23条(1) 毎日").unwrap();
        assert_eq!((daily.state, daily.why.as_str()), (ClauseState::Missing, words));
    }
}
