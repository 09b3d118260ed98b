//! Endpoints of procedures.

use super::{Empty, book::Facilities, endpoints};
use crate::{
    book::{AttachmentDraft, AttachmentLink, UploadTicket},
    calendar::{Day, Hours, Timestamp, months_after},
    id::{AccountId, AttachmentId, CaseId, EventId, FacilityId, OutputId},
    people::{Account, AccountState, Appointed, Facility, QrCode},
    portal::HelpDesk,
    procedure::{
        Asked, Case, CaseRow, Errand, NewOutput, Opened, Output, OutputLink, Outputs, Procedure, Service,
        SheetKind, State, TakeStep, declaration,
    },
};
use serde::{Deserialize, Serialize};

/// Most cases in one list.
pub const CASES_MAX: usize = 300;
/// Most people in one list.
pub const PEOPLE_MAX: usize = 2000;

/// Which cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CasesQuery {
    /// The closed ones, last closed first, instead of the open ones.
    #[serde(default)]
    pub closed: bool,
    /// Only the one with this number, open or closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// Cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cases {
    /// Open: what waits for me first, and of those the overdue first.
    pub rows: Vec<CaseRow>,
    /// Beside the open ones: what I should begin because a year is nearly over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yearly: Vec<Yearly>,
}

/// A yearly procedure that it is time for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Yearly {
    /// Which.
    pub procedure: Procedure,
    /// When the last one ended; `None` where none did within what is looked back to.
    pub last: Option<Day>,
}

impl Yearly {
    /// Of a procedure whose last case ended on this day; `None` while it is too early for the next, or where it is none.
    pub fn of(procedure: Procedure, last: Option<Day>, today: Day) -> Option<Self> {
        let ahead = declaration(procedure).yearly?;
        let early = last.is_some_and(|last| today.plus_days(ahead) < months_after(last.plus_days(1), 12));
        (!early).then_some(Self { procedure, last })
    }

    /// The last day on which the next one is in time, where there was one.
    pub fn due(&self) -> Option<Day> {
        self.last.map(|last| months_after(last.plus_days(1), 12))
    }
}

/// Whose people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeopleQuery {
    /// Of this facility; without it, of the own one, or of all for the city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<FacilityId>,
}

/// Which facility.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FacilityQuery {
    /// This one; without it, the own one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<FacilityId>,
}

/// A person in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonRow {
    /// The account.
    pub account: Account,
    /// How far it has come, in force now.
    pub state: AccountState,
    /// When the person last signed in.
    pub last_in: Option<Timestamp>,
    /// Numbers of the open cases about the person.
    pub cases: Vec<(CaseId, String)>,
}

/// People.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct People {
    /// By facility, then by reading; those who were removed last.
    pub rows: Vec<PersonRow>,
}

/// 封書: what the letter says. It exists in this one answer; the page drops it after printing.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Letter {
    /// The case after printing.
    pub case: Case,
    /// The facility's postal address; empty where it is not known.
    #[serde(default)]
    pub postal: String,
    /// The facility by its name of today.
    pub facility: String,
    /// As what the addressee answers for the people there, such as 施設管理者; empty in the city's office, which has nobody of
    /// the kind.
    #[serde(default)]
    pub title: String,
    /// To whom it is addressed, by name; empty while nobody is registered with that title.
    pub addressee: String,
    /// The user's name.
    pub name: String,
    /// ユーザーID.
    pub user_id: String,
    /// The first password.
    pub password: String,
    /// The last day on which it works.
    pub last_day: Day,
    /// The address of the sign-in page.
    pub address: String,
    /// The same for a camera, with the user id and without the password.
    pub qr: QrCode,
    /// Who sends it.
    pub sender: String,
    /// The letter as PDF, in base64; `None` where nothing prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf: Option<String>,
}

impl Letter {
    /// The addressee as it is printed: 「施設管理者　佐藤 一郎 様」.
    pub fn to_whom(&self) -> String {
        let parts = [self.title.as_str(), self.addressee.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{} 様", parts.join("　"))
    }
}

impl std::fmt::Debug for Letter {
    // The letter's password must not reach a log, not even by accident.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.case.number)
    }
}

/// An appointment as the page of the management structure shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Post {
    /// Whose.
    pub account: AccountId,
    /// By name.
    pub name: String,
    /// The contractor's or the city's office that the person belongs to.
    pub facility_name: String,
    /// As what, and when.
    pub appointed: Appointed,
    /// The filing: its number and where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<(CaseId, String, State)>,
}

/// 管理体制 (Art. 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Structure {
    /// By role, then by beginning; those that are over too.
    pub posts: Vec<Post>,
}

/// Which sheet of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SheetQuery {
    /// Which.
    pub kind: SheetKind,
}

/// An official sheet in PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Printed {
    /// Its file name.
    pub name: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// The file, in base64.
    pub pdf: String,
}

/// The help desk (Art. 16), and how far the service is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Desk {
    /// When it answers.
    pub hours: Hours,
    /// How it is reached.
    pub contact: HelpDesk,
    /// The city, as official sheets name it.
    pub city: String,
    /// How far the service is open; `None` while it was never closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The announced stops that I confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<CaseId>,
}

/// How far a facility has confirmed an announced stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FacilityConfirmed {
    /// Which.
    pub facility: FacilityId,
    /// By name.
    pub name: String,
    /// So many of its people have confirmed it.
    pub confirmed: u64,
    /// So many may sign in.
    pub people: u64,
}

/// Who has confirmed an announced stop, by facility (figure 2-5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StopConfirmations {
    /// The facilities that use the contact book, by name.
    pub rows: Vec<FacilityConfirmed>,
}

/// Most errands of each kind of list.
pub const ERRANDS_MAX: usize = 100;

/// 後処理の記録: what follows steps, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outbox {
    /// Still to be done, those that failed most often first.
    pub open: Vec<Errand>,
    /// Done, last first.
    pub done: Vec<Errand>,
    /// Whether this environment sends mails at all.
    pub mails: bool,
}

/// Somebody who can be called (figure 3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Contact {
    /// As what: a role, or what a 関係箇所 does.
    pub role: String,
    /// By name.
    pub name: String,
    /// Of which office or company.
    pub office: String,
    /// Telephone, in the hours.
    pub phone: String,
    /// FAX, at any time.
    pub fax: String,
    /// E-mail, at any time.
    pub mail: String,
}

/// 連絡先 (figure 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contacts {
    /// When people are called by telephone.
    pub hours: Hours,
    /// The help desk, the contractor by role, the city, 関係箇所: in the order of figure 3.
    pub offices: Vec<Contact>,
    /// The facilities, by name.
    pub facilities: Vec<Contact>,
}

endpoints! {
    /// The cases that are mine to see.
    ListCases = Get "/api/cases" (()) ListCases Read CasesQuery => Cases;
    /// A case.
    ReadCase = Get "/api/cases/{case}" (CaseId) ReadCase Read Empty => Opened;
    /// Asks for something: begins a case.
    OpenCase = Post "/api/cases" (()) OpenCase Change Asked => Case;
    /// Declares a file for a case (添付資料), and says where to put it.
    CreateCaseFile = Post "/api/cases/{case}/files" (CaseId) AttachToCase Change AttachmentDraft => UploadTicket;
    /// Checks what arrived and hangs it on the case. Saying it again gives the case as it is.
    ConfirmCaseFile = Post "/api/cases/{case}/files/{file}/confirmation" ((CaseId, AttachmentId)) AttachToCase Change Empty => Case;
    /// An address to download a file of a case, for a few minutes.
    OpenCaseFile = Get "/api/cases/{case}/files/{file}" ((CaseId, AttachmentId)) OpenCaseFile Read Empty => AttachmentLink;
    /// Takes a step of a case.
    StepCase = Post "/api/cases/{case}/steps" (CaseId) TakeStep Change TakeStep => Case;
    /// Makes and prints a letter (封書); the letter before it is worth nothing then.
    PrintLetter = Post "/api/cases/{case}/letter" (CaseId) PrintLetter Change TakeStep => Letter;
    /// A case as an official sheet (様式) in PDF.
    PrintSheet = Get "/api/cases/{case}/sheet" (CaseId) ReadCase Read SheetQuery => Printed;
    /// When the help desk answers and how it is reached; how far the service is open.
    ReadDesk = Get "/api/desk" (()) ReadDesk Quiet Empty => Desk;
    /// 管理体制: who is appointed as what, from when to when.
    ReadStructure = Get "/api/structure" (()) ReadStructure Read Empty => Structure;
    /// Makes an output of de-identified data for a grant whose notice was presented; answers counts and hash, never rows.
    MakeOutput = Post "/api/cases/{case}/outputs" (CaseId) MakeOutput Change NewOutput => Output;
    /// What was made for a case: counts, method and hash, never rows.
    ListOutputs = Get "/api/cases/{case}/outputs" (CaseId) ListOutputs Read Empty => Outputs;
    /// An address to fetch an output, for whoever was granted it, within the use period; each time is counted.
    DownloadOutput = Post "/api/cases/{case}/outputs/{output}/link" ((CaseId, OutputId)) DownloadOutput Change Empty => OutputLink;
    /// Whom to call by which way (figure 3): offices by role, 関係箇所, facilities.
    ReadContacts = Get "/api/contacts" (()) ReadContacts Read Empty => Contacts;
    /// What follows steps, such as mails: what is still to be done, what is stuck, what was done.
    ReadOutbox = Get "/api/outbox" (()) ReadOutbox Read Empty => Outbox;
    /// Tries an errand again now.
    TryErrand = Post "/api/outbox/{errand}/try" (EventId) TryErrand Change Empty => Errand;
    /// From whom a paper, a FAX or a call can come that somebody enters for them: the facilities, and the offices of the city
    /// and the contractor.
    ListSenders = Get "/api/senders" (()) ListSenders Quiet Empty => Facilities;
    /// What is registered of a facility now: what a request to change it begins with.
    ReadFacility = Get "/api/facility" (()) ListFacilities Quiet FacilityQuery => Facility;
    /// The people of my facility, or of all facilities.
    ListPeople = Get "/api/people" (()) ListPeople Read PeopleQuery => People;
    /// Confirms in my name that I read of an announced stop (figure 2-5). Saying it again changes nothing.
    ConfirmStop = Post "/api/cases/{case}/stop/confirmation" (CaseId) ConfirmStop Change Empty => Empty;
    /// Which facilities have confirmed an announced stop.
    ReadConfirmations = Get "/api/cases/{case}/stop/confirmations" (CaseId) ReadConfirmations Read Empty => StopConfirmations;
}
