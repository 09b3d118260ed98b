//! Keys of the table, made here and nowhere else. First the question, then the key:
//!
//! | question | pk | sk | index |
//! |---|---|---|---|
//! | who holds this session token | `S#<sha256 of token>` | `S` | |
//! | which sessions has this person; which of them wait for a second factor | | | `A#<account>` / `S#<sha256>`; `H#<sha256>` |
//! | what is the login of this user id | `U#<user id>` | `U` | `L#login` / user id |
//! | how often was this tried in vain | `X#<what>` | `X` | |
//! | who is this person; who belongs to this facility | `A#<account>` | `A` | `L#account` / `<facility>#<account>` |
//! | passkeys and recovery codes of this person; of all (backup) | `A#<account>` | `K` | `L#factor` / account |
//! | the authenticator app of this person (in no backup) | `A#<account>` | `O` | |
//! | when did this person sign in | `A#<account>` | `I#<event id>` | |
//! | what was this passkey asked | `W#<challenge>` | `W` | |
//! | what is this facility | `F#<facility>` | `F` | `L#facility` / facility |
//! | the newest notes of a patient, the team and the patient, in one query from above | `P#<patient>` | `N#<number>` < `T#<account>` < `Z` | |
//! | which are my patients | | | `A#<account>` / `P#<patient>` |
//! | which patients are there (backup only) | | | `L#patient` / patient |
//! | the earlier texts of a note | `P#<patient>` | `H#<number>#<revision>` | |
//! | the consents of a patient, and their withdrawals | `P#<patient>` | `C#<number>`, `C#<number>#W` | |
//! | whose documents were recorded on this day (backup) | | | `Q#<day>` / `<patient>#<number>` |
//! | who a patient was said to be before a correction | `P#<patient>` | `D#<count of changes>` | |
//! | the invitations of a patient | `P#<patient>` | `E#<invitation>` | |
//! | the open invitations of a facility | | | `I#<facility>` / invitation |
//! | who had access until when | `P#<patient>` | `F#<event>` | |
//! | is somebody of this reading and day of birth registered; how many were registered so | `K#<sha256>` | `P#<patient>`; `0` | |
//! | what was sent on this day (backup) | `D#<day>` | entry id | |
//! | this attachment; those declared on a day and never sent | `B#<day of the id>` | attachment id | |
//! | was this command done before | `C#<command>` | `C` | |
//! | what the portal shows: its pages, notices, status and revision, in one query | `V#portal` | `P#<page>`, `N#<notice>`, `S`, `R` | `V#portal` / the same |
//! | which revision the portal's files show; is somebody writing them | `V#portal` | `W`, `X` | |
//! | what a page of the portal said in each version | `PG#<page>` | number | `V#portal` / `V#<page>#<number>` |
//! | what is proposed for a change of the portal | `K#<case>` | `D` | `V#portal` / `D#<case>` |
//! | this case; all cases, oldest first | `K#<case>` | `K` | `L#case` / `K#<case>` |
//! | the cases of this party, this facility, asked by this person: what waits for them first, then by time | `K#<case>` | `L#<party>` | `KP#<party>`, `KF#<facility>`, `KA#<account>` / `O#<0: waits>#<due>#<case>`, closed `C#<closed>#<case>` |
//! | the outputs of data of this case; those whose use period ends on this day (sweep) | `K#<case>` | `U#<output>` | `UE#<day>` / output |
//! | the files of this case; declared on this day and not attached (sweep), attached on this day (backup) | `K#<case>` | `F#<file>` | `BC#<day>`, then `QC#<day>` / `<case>#<file>` |
//! | the case of this number | `KN#<number>` | `N` | |
//! | what follows steps and is still to be done, soonest first; what was done | `Y#<errand>` | `Y` | `L#errand` / `O#<next try>#<errand>`, done `D#<done>#<errand>` |
//! | where is this person told by mail; of all (backup) | `A#<account>` | `M` | `L#mail` / account |
//! | how far the service is open | `V#service` | `S` | |
//! | the review of this month's audit log | `V#review` | month | `V#review` / month |
//! | how many cases have a number of this series | `K#count` | series | `L#case` / `N#<series>` |
//! | what was tried in this hour | `E#<day>T<hour>` | event id | |
//! | what was done about this patient | | | `EP#<patient>` / event id |
//! | the newest seal of the audit log; the day of a seal | `V#seal` | `last`; number | |
//! | is somebody sealing | `V#seal` | `claim` | |
//! | this generation; generations of a kind by day | `G#<generation>` | `G` | `G#<kind>` / `<day>#<generation>` |
//! | why was this generation made by hand | `G#<generation>` | `M` | |
//! | is somebody at work on the generation of this day or month, on this run by hand | `G#claim` | day, month, request | |
//! | which runs by hand were asked for and are open, each thing once; which ended, by time | `G#asked` | `O#<day, generation>`; `D#<end>#<request>` | |
//! | was this destroyable key made, or destroyed; which were destroyed | `KY#<name>` | `K` | destroyed: `L#destroyed` / name |
//! | which erasures have begun and not ended | `KY#<name>` | `W` | `L#erasing` / name |
//! | how far is this erasure; which generations were tried under it | `KY#<name>` | `P`; `T#<manifest>#<version>` | |
//! | how far had each person read on this day (backup) | `R#<day>` | `<patient>#<account>` | |
//! | which cases took a step on this day (backup) | `KD#<day>` | case | |
//! | who confirmed this announced stop | `SC#<case>` | `<account>` | stops confirmed on that day |
//! | which case did the system open under this key | `KS#<key>` | `K` | `L#case` / `S#<key>` |
//! | the record of this slot of monitoring; those of a day | `MS#<day>` | `<cadence>#<index>` | |
//! | what is known of this part; since when it is monitored, until when missing slots were looked for, since when the portal's files are old | `MW` | `P#<part>`; `begun`, `checked`, `lag` | |
//! | the days of monitoring in numbers | `MD` | day | |
//! | the anomalies that were found, by time | `MA` | `<time>#<part>` | |
//! | what drills found, by time; is a drill under way, and where; when were generations read back | `DR` | `P#<time>`; `claim`; `read` | |
//! | the last restore that was proven, for the portal | `V#portal` | `B` | `V#portal` / `B` |
//! | which runbooks were reviewed and rehearsed; where do their locked copies lie | `V#runbook` | `R#<number>#<day>#<case>`; `A#<number>` (in no backup) | `V#runbook` / the same |
//! | how far is the restore that fills this environment | `V#restore` | `P` | |
//! | the asset ledger (its versions lie in the archive, as system data) | `V#ledger` | `V` | |
//! | which evidence bundles were made, newest last | `V#bundle` | bundle | |
//!
//! Numbers are padded, so that text order is number order. Identifiers carry their time, so that time order is
//! text order.

use super::schema::{PK, SK};
use aws_sdk_dynamodb::types::AttributeValue;
use shared::{
    book::NoteNumber,
    calendar::{Day, Timestamp},
    evidence::{
        BackupKind, KeyName, WantedRun,
        monitor::{Cadence, Part, Slot},
    },
    id::{
        AccountId, AttachmentId, BundleId, CaseId, ChallengeId, CommandId, EventId, FacilityId, GenerationId,
        InvitationId, NoticeId, OutputId, PatientId, RequestId,
    },
    people::SessionStage,
    portal::PageName,
    procedure::{CaseBrief, Errand, Party},
};
use std::collections::HashMap;

/// The key of one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

fn key(pk: String, sk: impl Into<String>) -> Key {
    Key { pk, sk: sk.into() }
}

impl Key {
    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.pk.clone())),
            (SK.to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

/// Partition of a patient: notes, team, earlier texts.
pub fn patient_partition(patient: PatientId) -> String {
    format!("P#{patient}")
}

/// Index partition of what belongs to a person: sessions, care teams.
pub fn of_account(account: AccountId) -> String {
    format!("A#{account}")
}

/// The patient itself; sorts above team and notes.
pub fn patient(patient: PatientId) -> Key {
    key(patient_partition(patient), PATIENT)
}

/// Sort key of the patient itself.
pub const PATIENT: &str = "Z";
/// Beginning of a team member's sort key.
pub const MEMBER: &str = "T#";
/// Beginning of a note's sort key.
pub const NOTE: &str = "N#";
/// Beginning of an earlier text's sort key.
pub const HISTORY: &str = "H#";

/// Somebody in a patient's team.
pub fn member(patient: PatientId, account: AccountId) -> Key {
    key(patient_partition(patient), format!("{MEMBER}{account}"))
}

/// A note.
pub fn note(patient: PatientId, number: NoteNumber) -> Key {
    key(patient_partition(patient), format!("{NOTE}{number:0>10}", number = number.0))
}

/// An earlier text of a note.
pub fn history(patient: PatientId, number: NoteNumber, revision: u32) -> Key {
    key(patient_partition(patient), format!("{}{revision:0>4}", history_of(number)))
}

/// Beginning of the sort keys of a note's earlier texts.
pub fn history_of(number: NoteNumber) -> String {
    format!("{HISTORY}{number:0>10}#", number = number.0)
}

/// Beginning of a consent's sort key.
pub const CONSENT: &str = "C#";
/// End of a withdrawal's sort key.
pub const WITHDRAWAL: &str = "#W";
/// Beginning of an earlier state of a patient.
pub const EARLIER: &str = "D#";
/// Beginning of an invitation's sort key.
pub const INVITATION: &str = "E#";
/// Beginning of the sort key of somebody who was in the team.
pub const FORMER: &str = "F#";
/// The sort keys from the first consent to the last former member: one range for the backup.
pub const CIRCLE: (&str, &str) = (CONSENT, "F$");

/// A consent.
pub fn consent(patient: PatientId, number: u32) -> Key {
    key(patient_partition(patient), format!("{CONSENT}{number:0>4}"))
}

/// A consent's withdrawal.
pub fn withdrawal(patient: PatientId, number: u32) -> Key {
    key(patient_partition(patient), format!("{CONSENT}{number:0>4}{WITHDRAWAL}"))
}

/// Index partition of the consents and withdrawals recorded on a day.
pub fn recorded_on(day: Day) -> String {
    format!("Q#{day}")
}

/// Who a patient was said to be before the change that made this count.
pub fn earlier(patient: PatientId, circle: u64) -> Key {
    key(patient_partition(patient), format!("{EARLIER}{circle:0>10}"))
}

/// An invitation.
pub fn invitation(patient: PatientId, id: InvitationId) -> Key {
    key(patient_partition(patient), format!("{INVITATION}{id}"))
}

/// Index partition of a facility's open invitations.
pub fn invitations_of(facility: FacilityId) -> String {
    format!("I#{facility}")
}

/// Somebody who was in the team.
pub fn former(patient: PatientId, id: EventId) -> Key {
    key(patient_partition(patient), format!("{FORMER}{id}"))
}

/// Partition of the patients with one reading and day of birth, by the hash of both.
pub fn same_reading(hash: &str) -> String {
    format!("K#{hash}")
}

/// One of them.
pub fn reading(hash: &str, patient: PatientId) -> Key {
    key(same_reading(hash), patient_partition(patient))
}

/// How many were registered so: registrations at the same moment meet here.
pub fn reading_count(hash: &str) -> Key {
    key(same_reading(hash), READING_COUNT)
}

/// Sort key of that count.
pub const READING_COUNT: &str = "0";

/// Partition of the sent journal of a day.
pub fn journal(day: Day) -> String {
    format!("D#{day}")
}

/// An entry of the sent journal; the time of its identifier is the time of the entry.
pub fn journal_entry(day: Day, id: EventId) -> Key {
    key(journal(day), id.to_string())
}

/// Partition of the attachments declared on a day.
pub fn attachments_of(day: Day) -> String {
    format!("B#{day}")
}

/// An attachment: the day is in its identifier.
pub fn attachment(id: AttachmentId) -> Key {
    let declared = Timestamp::from_ms(i64::try_from(id.at_ms()).unwrap_or(i64::MAX));
    key(attachments_of(declared.day()), id.to_string())
}

/// A session, by the hash of its token.
pub fn session(token_sha256: &str) -> Key {
    key(format!("S#{token_sha256}"), "S")
}

/// Beginning of the index sort keys of a person's sessions that both factors opened.
pub const SESSIONS: &str = "S#";
/// Beginning of those that still wait for something: a password alone makes any number of them, and hides none of the others.
pub const HALF_WAY: &str = "H#";

/// Index sort key of a session.
pub fn session_of_account(token_sha256: &str, stage: SessionStage) -> String {
    let whole = matches!(stage, SessionStage::Complete | SessionStage::Locked);
    format!("{}{token_sha256}", if whole { SESSIONS } else { HALF_WAY })
}

/// A login.
pub fn login(user_id: &str) -> Key {
    key(format!("U#{user_id}"), "U")
}

/// A count of vain attempts.
pub fn throttle(what: &str) -> Key {
    key(format!("X#{what}"), "X")
}

/// A person's account.
pub fn account(id: AccountId) -> Key {
    key(of_account(id), "A")
}

/// Index sort key of an account: those of a facility stand together.
pub fn account_of_facility(facility: FacilityId, account: AccountId) -> String {
    format!("{}{account}", accounts_of(facility))
}

/// Beginning of the index sort keys of a facility's accounts.
pub fn accounts_of(facility: FacilityId) -> String {
    format!("{facility}#")
}

/// A person's passkeys and recovery codes.
pub fn factors(id: AccountId) -> Key {
    key(of_account(id), "K")
}

/// A person's authenticator app.
pub fn totp(id: AccountId) -> Key {
    key(of_account(id), "O")
}

/// Where a person is told by mail.
pub fn mail(id: AccountId) -> Key {
    key(of_account(id), "M")
}

/// An errand.
pub fn errand(id: EventId) -> Key {
    key(format!("Y#{id}"), "Y")
}

/// Index sort key of an errand: the open ones by their next try, the done ones by their end.
pub fn errand_place(errand: &Errand) -> String {
    match errand.done_at {
        Some(at) => format!("D#{at}#{}", errand.id),
        None => format!("O#{}#{}", errand.next_at, errand.id),
    }
}

/// Beginning of the sort keys of a person's sign-ins.
pub const SIGN_IN: &str = "I#";

/// A sign-in of a person.
pub fn sign_in(id: AccountId, event: EventId) -> Key {
    key(of_account(id), format!("{SIGN_IN}{event}"))
}

/// What a passkey was asked.
pub fn challenge(id: ChallengeId) -> Key {
    key(format!("W#{id}"), "W")
}

/// A facility.
pub fn facility(id: FacilityId) -> Key {
    key(format!("F#{id}"), "F")
}

/// A command that was done.
pub fn command(id: CommandId) -> Key {
    key(format!("C#{id}"), "C")
}

/// Partition of the audit log of one hour.
pub fn audit_hour(at: Timestamp) -> String {
    let (hour, _) = at.wall_clock();
    format!("E#{}T{hour:02}", at.day())
}

/// An event of the audit log.
pub fn event(at: Timestamp, id: EventId) -> Key {
    key(audit_hour(at), id.to_string())
}

/// Sort key of a case.
pub const CASE: &str = "K";

/// A case.
pub fn case(id: CaseId) -> Key {
    key(case_partition(id), CASE)
}

/// Partition of a case.
pub fn case_partition(id: CaseId) -> String {
    format!("K#{id}")
}

/// A file of a case.
pub fn case_file(case: CaseId, id: AttachmentId) -> Key {
    key(case_partition(case), format!("F#{id}"))
}

/// Index partition of the files that were declared for cases on a day and are not attached.
pub fn case_files_declared(day: Day) -> String {
    format!("BC#{day}")
}

/// Index partition of the files that were attached to cases on a day.
pub fn case_files_attached(day: Day) -> String {
    format!("QC#{day}")
}

/// Beginning of the sort key of an output.
pub const OUTPUT: &str = "U#";

/// An output of data.
pub fn output(case: CaseId, id: OutputId) -> Key {
    key(case_partition(case), format!("{OUTPUT}{id}"))
}

/// Index partition of the outputs whose use period ends on a day.
pub fn outputs_ending(day: Day) -> String {
    format!("UE#{day}")
}

/// The partition that a party's list of cases is read from.
pub fn cases_of(party: Party, facility: FacilityId, asked_by: AccountId) -> String {
    match party {
        Party::Facility => format!("KF#{facility}"),
        Party::Asker => format!("KA#{asked_by}"),
        other => format!("KP#{}", other.wire()),
    }
}

/// A case's place in the list of one of its parties.
pub fn case_of(id: CaseId, party: Party) -> Key {
    key(case_partition(id), format!("L#{}", party.wire()))
}

/// Index sort key of a case in a party's list: first what waits for the party, by the time at which it should be done;
/// closed ones by their end.
pub fn case_place(case: &CaseBrief, party: Party) -> String {
    match case.closed_at {
        Some(at) => format!("C#{at}#{}", case.id),
        None => {
            format!("O#{}#{}#{}", u8::from(case.waits_for != Some(party)), case.due_at, case.id)
        }
    }
}

/// Beginning of the index sort keys of all cases.
pub const CASE_AMONG_ALL: &str = "K#";

/// Index sort key of a case among all.
pub fn case_among_all(id: CaseId) -> String {
    format!("{CASE_AMONG_ALL}{id}")
}

/// The case of a number.
pub fn case_number(number: &str) -> Key {
    key(format!("KN#{number}"), "N")
}

/// The case that the system opened under a key of its own.
pub fn case_by_system(name: &str) -> Key {
    key(format!("KS#{name}"), CASE)
}

/// That key's place among all cases: a restore brings it back, so that nothing is opened twice.
pub fn case_by_system_place(name: &str) -> String {
    format!("S#{name}")
}

/// The review of a month's audit log.
pub fn review(month: &str) -> Key {
    key("V#review".to_owned(), month)
}

/// How far the service is open.
pub fn service() -> Key {
    key("V#service".to_owned(), "S")
}

/// Partition of the reviews.
pub const REVIEWS: &str = "V#review";

/// Partition of what the portal shows, and its list for the backup.
pub const PORTAL: &str = "V#portal";
/// Beginning of the sort keys of the portal's pages.
pub const PORTAL_PAGE: &str = "P#";
/// Beginning of the sort keys of the portal's notices.
pub const PORTAL_NOTICE: &str = "N#";

/// A page of the portal.
pub fn portal_page(page: PageName) -> Key {
    key(PORTAL.to_owned(), format!("{PORTAL_PAGE}{page}"))
}

/// A notice on the portal.
pub fn portal_notice(id: NoticeId) -> Key {
    key(PORTAL.to_owned(), format!("{PORTAL_NOTICE}{id}"))
}

/// Whether the service is running, as the portal says.
pub fn portal_status() -> Key {
    key(PORTAL.to_owned(), "S")
}

/// How often something was published.
pub fn portal_revision() -> Key {
    key(PORTAL.to_owned(), "R")
}

/// What the portal's files show.
pub fn portal_written() -> Key {
    key(PORTAL.to_owned(), "W")
}

/// Who is writing the portal's files.
pub fn portal_claim() -> Key {
    key(PORTAL.to_owned(), "X")
}

/// Partition of the versions of a page.
pub fn portal_versions(page: PageName) -> String {
    format!("PG#{page}")
}

/// A version of a page.
pub fn portal_version(page: PageName, number: u32) -> Key {
    key(portal_versions(page), format!("{number:0>6}"))
}

/// A version's place in the portal's list for the backup.
pub fn portal_version_place(page: PageName, number: u32) -> String {
    format!("V#{page}#{number:0>6}")
}

/// What is proposed for a change of the portal.
pub fn portal_draft(case: CaseId) -> Key {
    key(case_partition(case), "D")
}

/// A proposal's place in the portal's list for the backup.
pub fn portal_draft_place(case: CaseId) -> String {
    format!("D#{case}")
}

/// The counter of a series of case numbers.
pub fn case_count(series: &str) -> Key {
    key("K#count".to_owned(), series)
}

/// Index partition of the events about a patient.
pub fn events_of(patient: PatientId) -> String {
    format!("EP#{patient}")
}

/// The newest seal.
pub fn last_seal() -> Key {
    key("V#seal".to_owned(), "last")
}

/// A seal.
pub fn seal(number: u64) -> Key {
    key("V#seal".to_owned(), format!("{number:0>10}"))
}

/// Who is sealing.
pub fn seal_claim() -> Key {
    key("V#seal".to_owned(), "claim")
}

/// Partition of the runbooks, and the list of their records for the backup.
pub const RUNBOOKS: &str = "V#runbook";
/// Beginning of the sort keys of what was recorded of runbooks.
pub const RUNBOOK_RECORD: &str = "R#";
/// Beginning of the sort keys of the runbooks' locked copies.
pub const RUNBOOK_COPY: &str = "A#";

/// A review or a rehearsal of a runbook.
pub fn runbook_record(number: u32, on: Day, case: CaseId) -> Key {
    key(RUNBOOKS.to_owned(), format!("{RUNBOOK_RECORD}{number:0>4}#{on}#{case}"))
}

/// Where a runbook's newest locked copy lies.
pub fn runbook_copy(number: u32) -> Key {
    key(RUNBOOKS.to_owned(), format!("{RUNBOOK_COPY}{number:0>4}"))
}

/// Partition of the evidence bundles.
pub const BUNDLES: &str = "V#bundle";

/// An evidence bundle.
pub fn bundle(id: BundleId) -> Key {
    key(BUNDLES.to_owned(), id.to_string())
}

/// A generation.
pub fn generation(id: GenerationId) -> Key {
    key(format!("G#{id}"), "G")
}

/// Who is at work on the generation of a day, a month or a state of the system.
pub fn claim(what: &str) -> Key {
    key("G#claim".to_owned(), what)
}

/// Partition of the runs by hand that somebody asked for.
pub const ASKED_RUNS: &str = "G#asked";
/// Beginning of the sort keys of those that are open.
pub const OPEN_RUN: &str = "O#";
/// Beginning of the sort keys of those that ended.
pub const ENDED_RUN: &str = "D#";

/// The open run by hand for what is wanted.
pub fn open_run(wanted: &WantedRun) -> Key {
    key(ASKED_RUNS.to_owned(), format!("{OPEN_RUN}{wanted}"))
}

/// A run by hand that ended.
pub fn ended_run(at: Timestamp, id: RequestId) -> Key {
    key(ASKED_RUNS.to_owned(), format!("{ENDED_RUN}{at}#{id}"))
}

/// Why a generation was made by hand.
pub fn manual_run(id: GenerationId) -> Key {
    key(format!("G#{id}"), "M")
}

/// Index partition of the generations of a kind.
pub fn generations(kind: BackupKind) -> String {
    format!("G#{}", kind.wire())
}

/// Index sort key of a generation.
pub fn generation_by_day(day: Day, id: GenerationId) -> String {
    format!("{day}#{id}")
}

/// Partition of the records of a day of monitoring.
pub fn monitor_slots(day: Day) -> String {
    format!("MS#{day}")
}

/// Beginning of the sort keys of the slots of one length.
pub fn monitor_slots_of(cadence: Cadence) -> String {
    format!("{}#", cadence.wire())
}

/// The record of a slot.
pub fn monitor_slot(slot: Slot) -> Key {
    let of = monitor_slots_of(slot.cadence);
    key(monitor_slots(slot.day), format!("{of}{index:0>4}", index = slot.index))
}

/// Partition of what is known of the parts.
pub const MONITOR: &str = "MW";
/// Beginning of the sort keys of the parts.
pub const WATCH: &str = "P#";
/// Partition of the days in numbers.
pub const MONITOR_DAYS: &str = "MD";
/// Partition of the anomalies.
pub const ANOMALIES: &str = "MA";

/// What is known of a part.
pub fn monitor_watch(part: Part) -> Key {
    key(MONITOR.to_owned(), format!("{WATCH}{}", part.wire()))
}

/// Since when it is monitored.
pub fn monitor_begun() -> Key {
    key(MONITOR.to_owned(), "begun")
}

/// Until when missing slots were looked for.
pub fn monitor_checked() -> Key {
    key(MONITOR.to_owned(), "checked")
}

/// Since when the portal's files have been old.
pub fn monitor_portal_lag() -> Key {
    key(MONITOR.to_owned(), "lag")
}

/// A day of monitoring in numbers.
pub fn monitor_day(day: Day) -> Key {
    key(MONITOR_DAYS.to_owned(), day.to_string())
}

/// An anomaly.
pub fn monitor_anomaly(since: Timestamp, part: Part) -> Key {
    key(ANOMALIES.to_owned(), format!("{since}#{}", part.wire()))
}

/// Partition of the drills.
pub const DRILLS: &str = "DR";
/// Beginning of the sort keys of what drills found.
pub const PROOF: &str = "P#";

/// What a drill found.
pub fn proof(started_at: Timestamp) -> Key {
    key(DRILLS.to_owned(), format!("{PROOF}{started_at}"))
}

/// The asset ledger.
pub fn ledger() -> Key {
    key("V#ledger".to_owned(), "V")
}

/// Which drill is under way.
pub fn drill_claim() -> Key {
    key(DRILLS.to_owned(), "claim")
}

/// When generations were read back.
pub fn generations_read() -> Key {
    key(DRILLS.to_owned(), "read")
}

/// The last restore that was proven, as the portal says.
pub fn portal_proven() -> Key {
    key(PORTAL.to_owned(), "B")
}

/// What is remembered of a destroyable key.
pub fn key_record(name: KeyName) -> Key {
    key(format!("KY#{name}"), "K")
}

/// That the erasure under a key has begun and has not ended.
pub fn erasing(name: KeyName) -> Key {
    key(format!("KY#{name}"), "W")
}

/// How far the erasure under a key is.
pub fn erasure_progress(name: KeyName) -> Key {
    key(format!("KY#{name}"), "P")
}

/// Beginning of the sort keys of the generations that were tried under a key.
pub const TRIED: &str = "T#";

/// That a generation was tried after a key's destruction.
pub fn tried(name: KeyName, manifest: &str, version: &str) -> Key {
    key(format!("KY#{name}"), format!("{TRIED}{manifest}#{version}"))
}

/// Index partition of the erasures under way.
pub const ERASING: &str = "L#erasing";

/// Index partition of the keys that were destroyed.
pub const DESTROYED: &str = "L#destroyed";

/// How far somebody had read in a patient's thread, as of the end of a day.
pub fn receipt(day: Day, patient: PatientId, account: AccountId) -> Key {
    key(receipts(day), format!("{patient}#{account}"))
}

/// Partition of the receipts of a day.
pub fn receipts(day: Day) -> String {
    format!("R#{day}")
}

/// That a case took a step on a day.
pub fn case_changed(day: Day, case: CaseId) -> Key {
    key(cases_changed(day), case.to_string())
}

/// That somebody confirmed an announced stop.
pub fn stop_confirmed(case: CaseId, account: AccountId) -> Key {
    key(stop_confirmations(case), account.to_string())
}

/// Index partition of the confirmations of stops that were made on a day.
pub fn stops_confirmed_on(day: Day) -> String {
    format!("QS#{day}")
}

/// Partition of the confirmations of a stop.
pub fn stop_confirmations(case: CaseId) -> String {
    format!("SC#{case}")
}

/// Partition of the cases that took a step on a day.
pub fn cases_changed(day: Day) -> String {
    format!("KD#{day}")
}

/// The index sort keys of what else stands among all cases, above the cases: counters and the like.
pub const BESIDE_CASES: (&str, &str) = ("L", "~");

/// Index partitions of everything of no single patient that a backup's directory lists whole.
pub const DIRECTORY: [&str; 9] =
    [FACILITIES, ACCOUNTS, LOGINS, FACTORS, MAILS, REVIEWS, PORTAL, RUNBOOKS, DESTROYED];
/// Index partition of all facilities.
pub const FACILITIES: &str = "L#facility";
/// Index partition of all accounts.
pub const ACCOUNTS: &str = "L#account";
/// Index partition of all logins.
pub const LOGINS: &str = "L#login";
/// Index partition of the factors of all accounts.
pub const FACTORS: &str = "L#factor";
/// Index partition of the addresses of all people.
pub const MAILS: &str = "L#mail";
/// Index partition of errands.
pub const ERRANDS: &str = "L#errand";
/// Index partition of all cases and of the counters of their numbers.
pub const CASES: &str = "L#case";
/// Index partition of all patients.
pub const PATIENTS: &str = "L#patient";

/// How far a restore is (in no backup).
pub fn restore_progress() -> Key {
    key("V#restore".to_owned(), "P")
}

/// The patient of a partition, if it is one's.
pub fn patient_of(partition: &str) -> Option<PatientId> {
    partition.strip_prefix("P#")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_query_from_above_meets_patient_team_and_newest_note() {
        let p = PatientId::from_parts(1, 1);
        let mut sorted = [
            consent(p, 1).sk,
            withdrawal(p, 1).sk,
            consent(p, 2).sk,
            earlier(p, 1).sk,
            invitation(p, InvitationId::from_parts(1, 1)).sk,
            former(p, EventId::from_parts(1, 1)).sk,
            CIRCLE.1.to_owned(),
            history(p, NoteNumber(11), 1).sk,
            note(p, NoteNumber(9)).sk,
            note(p, NoteNumber(10)).sk,
            member(p, AccountId::from_parts(1, 1)).sk,
            patient(p).sk,
        ];
        let expected = sorted.clone();
        sorted.sort();
        assert_eq!(sorted, expected);
    }
}
