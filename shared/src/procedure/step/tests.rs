use super::*;
use crate::{
    book::FileType,
    id::{AttachmentId, CommandId},
    people::{FacilityKind, Role},
    procedure::{Effect, cast::actor, moment_text},
};
use proptest::prelude::*;

const NOW: i64 = 1_795_500_000_000;

fn now() -> Timestamp {
    Timestamp::from_ms(NOW)
}

/// Somebody for each party, and strangers.
fn cast() -> Vec<(Option<Party>, Actor)> {
    vec![
        (Some(Party::Facility), actor(1, 1, Role::FacilityManager)),
        (Some(Party::City), actor(2, 2, Role::City)),
        (Some(Party::OperationsManager), actor(3, 3, Role::OperationsManager)),
        (Some(Party::SystemAdmin), actor(4, 3, Role::SystemAdmin)),
        (Some(Party::Operator), actor(5, 3, Role::Operator)),
        (Some(Party::Auditor), actor(6, 2, Role::Auditor)),
        (None, actor(7, 9, Role::FacilityManager)),
        (None, actor(8, 1, Role::Member)),
        (Some(Party::KeyKeeper), actor(10, 3, Role::KeyKeeper)),
    ]
}

fn as_party(party: Party) -> Actor {
    cast().into_iter().find(|(p, _)| *p == Some(party)).unwrap().1
}

/// Somebody who may ask: where anybody may, a nurse.
fn asker(procedure: Procedure) -> Actor {
    match declaration(procedure).asks[0] {
        Party::Asker => actor(8, 1, Role::Member),
        party => as_party(party),
    }
}

/// As what somebody of the cast stands to a case.
fn stand(case: &Case, party: Option<Party>, who: &Actor) -> Vec<Party> {
    let asker = (who.account == case.asked_by).then_some(Party::Asker);
    party.into_iter().chain(asker).collect()
}

fn asks_by_role(procedure: Procedure, who: &Actor) -> bool {
    let by_role = |party: &Party| party.role().is_some_and(|role| who.roles.contains(&role));
    declaration(procedure).asks.iter().any(by_role)
}

/// Something that every field takes.
fn filled(fields: &[Field]) -> Form {
    let value = |field: &Field| match field.kind {
        FieldKind::Account => AccountId::from_parts(1, 99).to_string(),
        FieldKind::Kana => "やまだ はなこ".into(),
        FieldKind::UserId => "hinata-n09".into(),
        FieldKind::PastDay => now().day().to_string(),
        FieldKind::PastMoment => moment_text(now()),
        FieldKind::Count => "20".into(),
        FieldKind::Moment if field.name == "from_at" => "2026-11-24T10:00".into(),
        FieldKind::Moment if field.name == "to_at" => "2026-11-24T20:00".into(),
        FieldKind::Moment => "2026-11-24T22:00".into(),
        FieldKind::Time => "02:00".into(),
        FieldKind::Day if field.name == "planned_on" => "2027-05-31".into(),
        FieldKind::Day if field.name == "leaves_on" => now().day().to_string(),
        FieldKind::Day => "2026-12-01".into(),
        FieldKind::PastMonth => "2026-10".into(),
        FieldKind::PortalPage => "about".into(),
        FieldKind::ManyOf(list) => list.iter().map(|(wire, _)| *wire).collect::<Vec<_>>().join(","),
        FieldKind::Line | FieldKind::Lines => "山田 花子".into(),
        FieldKind::Profession | FieldKind::CareFacility | FieldKind::RegisteredAs | FieldKind::OneOf(_) => {
            field.choices()[0].0.clone()
        }
    };
    fields.iter().map(|field| (field.name.to_owned(), value(field))).collect()
}

fn asked(procedure: Procedure, channel: Channel) -> Asked {
    let on_paper = channel != Channel::Online;
    let received_on = on_paper.then(|| now().day());
    let facility = on_paper.then(|| asker(procedure).facility);
    let form = filled(declaration(procedure).fields);
    Asked { command: CommandId::from_parts(1, 1), procedure, facility, channel, received_on, form }
}

fn begin(procedure: Procedure, by: &Actor, channel: Channel) -> Result<Case, CannotStep> {
    let ask = Ask {
        id: CaseId::from_parts(1, 1),
        number: "A-2026-0001".into(),
        // Whoever asks by a role asks for their own office.
        facility: if asks_by_role(procedure, by) { by.facility } else { asker(procedure).facility },
        facility_name: "施設".into(),
        due_at: Timestamp::from_ms(NOW + 86_400_000),
    };
    open(&asked(procedure, channel), by, ask, now())
}

#[test]
fn a_paper_names_its_facility_and_its_day_beside_what_else_is_wrong() {
    let city = as_party(Party::City);
    let ask = Ask {
        id: CaseId::from_parts(1, 1),
        number: "A-2026-0001".into(),
        facility: city.facility,
        facility_name: "市".into(),
        due_at: Timestamp::from_ms(NOW + 86_400_000),
    };
    let mut paper = asked(Procedure::AccountRemove, Channel::Fax);
    (paper.facility, paper.received_on) = (None, Some(now().day().plus_days(1)));
    let wrong = |paper: &Asked| match open(paper, &city, ask.clone(), now()) {
        Err(CannotStep::Fields(all)) => all.into_iter().map(|error| error.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(wrong(&paper), ["facility", "received_on"]);
    let field = declaration(Procedure::AccountRemove).fields[0].name;
    paper.form.remove(field);
    assert_eq!(wrong(&paper), ["facility", "received_on", field]);
}

#[test]
fn what_is_entered_comes_from_whom_it_can_come() {
    use FacilityKind::{CityOffice, Clinic, Contractor};
    for (procedure, kinds) in [
        (Procedure::AccountAdd, vec![CityOffice, Clinic, Contractor]),
        (Procedure::AccountReset, vec![CityOffice, Clinic, Contractor]),
        (Procedure::Inquiry, vec![CityOffice, Clinic, Contractor]),
        (Procedure::Appointment, vec![Contractor]),
        (Procedure::FacilityCheck, vec![Clinic]),
        (Procedure::FacilityLeave, vec![Clinic]),
        (Procedure::DataUse, vec![Clinic, Contractor]),
    ] {
        let all = [CityOffice, Clinic, Contractor].into_iter();
        assert_eq!(all.filter(|kind| procedure.comes_from(*kind)).collect::<Vec<_>>(), kinds, "{procedure}");
    }
}

fn take(case: &Case, act: Act) -> TakeStep {
    let form = match act {
        Act::AskAgain | Act::EditDraft => case.form.clone(),
        Act::Comment => filled(COMMENT),
        act => filled(declaration(case.procedure).asked_by(act)),
    };
    TakeStep { command: CommandId::from_parts(1, 2), act, version: case.version, form }
}

/// A case as if every step of its course had been taken: what a later step builds on is there.
fn with_history(case: Case) -> Case {
    let who = as_party(Party::City);
    let steps = declaration(case.procedure).steps.iter().filter(|step| !step.act.refills());
    let done = steps.map(|step| taken(step.act, step.by, &who, now(), filled(step.fields)));
    Case { taken: case.taken.iter().cloned().chain(done).collect(), files: vec![file()], ..case }
}

fn file() -> Attachment {
    Attachment {
        id: AttachmentId::from_parts(1, 1),
        name: "規程.pdf".into(),
        file_type: FileType::Pdf,
        bytes: 1,
        sha256: "00".repeat(32),
        preview: None,
    }
}

#[test]
fn nothing_is_approved_of_which_there_is_no_file() {
    let (manager, city) = (as_party(Party::OperationsManager), as_party(Party::City));
    for procedure in [Procedure::Regulation, Procedure::Compliance] {
        let case = begin(procedure, &manager, Channel::Online).unwrap();
        let refused = step(&case, &take(&case, Act::Approve), &city, now());
        assert_eq!(refused.map(|_| ()), Err(CannotStep::NoFile), "{procedure}");
        // The button is there and says why; what needs no file waits for none.
        let shown = steps_for(&case, &city);
        let shown: Vec<_> = shown.into_iter().map(|(step, why)| (step.act, why)).collect();
        assert_eq!(shown, [(Act::Approve, Some(CannotStep::NoFile)), (Act::Return, None)], "{procedure}");
        let case = attach(&case, file(), &manager, now()).unwrap();
        let (approved, _) = step(&case, &take(&case, Act::Approve), &city, now()).unwrap();
        assert_eq!(approved.state, State::Done, "{procedure}");
    }
}

#[test]
fn who_may_ask_online_and_who_enters_papers() {
    for procedure in Procedure::ALL {
        let declared = declaration(*procedure);
        for (party, who) in cast() {
            // Online everybody asks for their own facility.
            let own = who.facility == asker(*procedure).facility;
            let anybody = own && declared.asks.contains(&Party::Asker);
            let asks = anybody || party.is_some_and(|party| declared.asks.contains(&party));
            assert_eq!(begin(*procedure, &who, Channel::Online).is_ok(), asks, "{procedure} {party:?}");
            let enters = party.is_some() && party == declared.papers;
            for channel in declared.ways.iter().copied() {
                assert_eq!(begin(*procedure, &who, channel).is_ok(), enters, "{procedure} {party:?}");
            }
        }
    }
}

#[test]
fn every_step_belongs_to_its_party_and_its_state() {
    for procedure in Procedure::ALL {
        let case = with_history(begin(*procedure, &asker(*procedure), Channel::Online).unwrap());
        for found in declaration(*procedure).steps {
            for state in State::ALL {
                for (party, who) in cast() {
                    let at = Case { state: *state, ..case.clone() };
                    let result = step(&at, &take(&at, found.act), &who, now());
                    let expected = declaration(*procedure).step(found.act, *state).is_some_and(|step| {
                        // Whoever asked does not decide, of whichever party they are.
                        let own = step.decides && who.account == at.asked_by;
                        stand(&at, party, &who).contains(&step.by) && !own
                    });
                    // What the clock says about a stop is no matter of party and state.
                    let by_clock =
                        *procedure == Procedure::PlannedStop && matches!(result, Err(CannotStep::Fields(_)));
                    let admitted = result.is_ok() || by_clock;
                    assert_eq!(admitted, expected, "{procedure} {} {state} {party:?}", found.act);
                }
            }
        }
    }
}

#[test]
fn neither_whoever_asked_nor_whom_it_is_about_decides() {
    for procedure in Procedure::ALL {
        let declared = declaration(*procedure);
        let case = begin(*procedure, &asker(*procedure), Channel::Online).unwrap();
        for found in declared.steps.iter().filter(|step| step.decides) {
            let at = Case { state: found.from[0], ..case.clone() };
            let mut both = asker(*procedure);
            both.roles.extend(found.by.role());
            let refused = step(&at, &take(&at, found.act), &both, now());
            assert_eq!(refused.map(|_| ()), Err(CannotStep::OwnRequest), "{procedure}");
            let decider = as_party(found.by);
            let about = Case { account: Some(decider.account), ..at };
            let refused = step(&about, &take(&about, found.act), &decider, now());
            assert_eq!(refused.map(|_| ()), Err(CannotStep::OwnRequest), "{procedure}");
        }
    }
}

#[test]
fn whoever_typed_a_paper_in_decides_for_others_only() {
    let city = as_party(Party::City);
    let case = begin(Procedure::AccountRemove, &city, Channel::Paper).unwrap();
    assert!(step(&case, &take(&case, Act::Remove), &city, now()).is_ok());
    let own = Case { facility: city.facility, ..case };
    let refused = step(&own, &take(&own, Act::Remove), &city, now());
    assert_eq!(refused.map(|_| ()), Err(CannotStep::OwnRequest));
}

#[test]
fn whoever_filled_it_in_again_does_not_decide() {
    let (city, other) = (as_party(Party::City), actor(12, 2, Role::City));
    let asked = begin(Procedure::FacilityAdd, &city, Channel::Online).unwrap();
    let moved = |case: &Case, act, by: &Actor| step(case, &take(case, act), by, now()).map(|(case, _)| case);
    let returned = moved(&asked, Act::Return, &other).unwrap();
    let by_other = moved(&returned, Act::AskAgain, &other).unwrap();
    assert_eq!(moved(&by_other, Act::RegisterFacility, &other), Err(CannotStep::OwnRequest));
    assert_eq!(moved(&by_other, Act::RegisterFacility, &city), Err(CannotStep::OwnRequest));
    assert!(moved(&by_other, Act::RegisterFacility, &actor(13, 2, Role::City)).is_ok());
    let by_asker = moved(&returned, Act::AskAgain, &city).unwrap();
    assert!(moved(&by_asker, Act::RegisterFacility, &other).is_ok());

    // A paper of the city's own office: whoever typed it anew is no other person either.
    let paper =
        Case { facility: city.facility, ..begin(Procedure::AccountAdd, &city, Channel::Paper).unwrap() };
    let returned = moved(&paper, Act::Return, &other).unwrap();
    let typed_anew = moved(&returned, Act::AskAgain, &other).unwrap();
    assert_eq!(moved(&typed_anew, Act::Register, &other), Err(CannotStep::OwnRequest));
    // Of another office, whoever types decides.
    let foreign = Case { facility: as_party(Party::Facility).facility, ..typed_anew };
    assert!(moved(&foreign, Act::Register, &other).is_ok());
}

#[test]
fn a_decision_on_something_that_changed_is_none() {
    let case = begin(Procedure::AccountRemove, &as_party(Party::Facility), Channel::Online).unwrap();
    let mut old = take(&case, Act::Remove);
    old.version = 0;
    let refused = step(&case, &old, &as_party(Party::City), now());
    assert_eq!(refused.map(|_| ()), Err(CannotStep::Changed));
}

#[test]
fn a_comment_moves_nothing_and_is_read_by_those_concerned() {
    let manager = as_party(Party::Facility);
    let case = begin(Procedure::AccountRemove, &manager, Channel::Online).unwrap();
    let (next, found) = step(&case, &take(&case, Act::Comment), &manager, now()).unwrap();
    assert!(found.is_none() && next.state == case.state && next.due_at == case.due_at);
    assert_eq!(next.taken.last().unwrap().form["comment"], "山田 花子");
    // An approval names the version that it saw: after a comment, the decider looks again.
    let refused = step(&next, &take(&case, Act::Remove), &as_party(Party::City), now());
    assert_eq!(refused.map(|_| ()), Err(CannotStep::Changed));
    for (party, who) in cast().into_iter().filter(|(party, _)| {
        party.is_none_or(|party| !declaration(Procedure::AccountRemove).parties().contains(&party))
    }) {
        let refused = step(&case, &take(&case, Act::Comment), &who, now());
        assert_eq!(refused.map(|_| ()), Err(CannotStep::NotYours), "{party:?}");
    }
}

#[test]
fn a_draft_is_read_by_those_who_write_it() {
    let case = begin(Procedure::Appointment, &asker(Procedure::Appointment), Channel::Online).unwrap();
    let reads = |case: &Case| -> Vec<Option<Party>> {
        cast().into_iter().filter(|(_, who)| party_to(case, who).is_some()).map(|(party, _)| party).collect()
    };
    assert_eq!(reads(&case), [Some(Party::OperationsManager)]);
    let filed = Case { state: State::Filed, ..case };
    assert_eq!(reads(&filed).len(), 4);
}

#[test]
fn nobody_appoints_themselves() {
    let manager = asker(Procedure::Appointment);
    let mut wanted = asked(Procedure::Appointment, Channel::Online);
    wanted.form.insert("account".into(), manager.account.to_string());
    let ask = Ask {
        id: CaseId::from_parts(1, 1),
        number: "M-2026-0001".into(),
        facility: manager.facility,
        facility_name: "施設".into(),
        due_at: now(),
    };
    let Err(CannotStep::Fields(wrong)) = open(&wanted, &manager, ask, now()) else { panic!("was let in") };
    assert_eq!(wrong[0].field, "account");
}

#[test]
fn in_an_incident_nothing_is_recovered_before_evidence_and_measure() {
    let mut case = begin(Procedure::Incident, &as_party(Party::SystemAdmin), Channel::Online).unwrap();
    let order = [
        Act::Contact,
        Act::Preserve,
        Act::Analyse,
        Act::Inform,
        Act::Secure,
        Act::Mitigate,
        Act::Recover,
        Act::Submit,
    ];
    let by = |act| declaration(Procedure::Incident).steps.iter().find(|step| step.act == act).unwrap().by;
    for (at, act) in order.into_iter().enumerate() {
        for (place, other) in order.into_iter().enumerate().filter(|(place, _)| *place != at) {
            let result = step(&case, &take(&case, other), &as_party(by(other)), now());
            let state = result.map(|(next, _)| next.state);
            // What was kept and analysed once goes on beside the course, and moves nothing.
            let goes_on = place < at && matches!(other, Act::Preserve | Act::Analyse);
            let expected = if goes_on { Ok(case.state) } else { Err(CannotStep::NotNow) };
            assert_eq!(state, expected, "{other} instead of {act}");
        }
        case = step(&case, &take(&case, act), &as_party(by(act)), now()).unwrap().0;
    }
    assert_eq!(case.state, State::Reported);
}

#[test]
fn every_change_of_a_person_has_its_identity_check() {
    for procedure in Procedure::ALL {
        for found in declaration(*procedure).steps {
            let of_a_person = matches!(found.effect, Some(Effect::ChangeDetail | Effect::ResumeAccount));
            if of_a_person || found.act == Act::AcceptReset {
                for name in ["checked_how", "checked_on"] {
                    assert!(found.fields.iter().any(|field| field.name == name && field.required));
                }
            }
        }
    }
}

proptest! {
    /// However steps are tried, a closed case stays closed, strangers do nothing, deciders are of the deciding party,
    /// and no letter is printed for what nobody registered.
    #[test]
    fn no_way_around(which in 0..Procedure::ALL.len(), tries in prop::collection::vec((0..Act::ALL.len(), 0..9_usize), 0..40)) {
        let people = cast();
        let procedure = Procedure::ALL[which];
        let mut case = begin(procedure, &asker(procedure), Channel::Online).unwrap();
        for (act, who) in tries {
            let before = case.clone();
            let (party, person) = &people[who];
            if let Ok((next, found)) = step(&case, &take(&case, Act::ALL[act]), person, now()) {
                prop_assert!(!before.state.is_closed());
                let parties = stand(&before, *party, person);
                prop_assert!(!parties.is_empty());
                prop_assert_eq!(next.version, before.version + 1);
                prop_assert_eq!(next.taken.len(), before.taken.len() + 1);
                if let Some(found) = found {
                    prop_assert!(parties.contains(&found.by));
                    if found.effect == Some(Effect::IssueLetter) {
                        let decided = |t: &Taken| matches!(t.act, Act::Register | Act::AcceptReset);
                        prop_assert!(before.taken.iter().any(decided));
                    }
                    if found.effect == Some(Effect::ResumeService) {
                        for needed in [Act::Preserve, Act::Secure, Act::Mitigate] {
                            prop_assert!(before.taken.iter().any(|t| t.act == needed));
                        }
                    }
                }
                case = next;
            }
        }
    }
}
