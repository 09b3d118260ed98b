//! Every address of the application, in one place: links are made of it and addresses are read by it.

use shared::{
    authority::Action,
    id::{AccountId, CaseId, PatientId},
    people::Role,
    portal::PageName,
    procedure::{Procedure, SheetKind},
};

/// A place in the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// ホーム: what waits for me, of those who care for patients.
    Home,
    /// 患者一覧.
    Patients,
    /// 患者の連絡帳.
    Thread(PatientId),
    /// 患者を登録.
    Register,
    /// 患者の登録内容を直す.
    Edit(PatientId),
    /// 患者の同意.
    Consent(PatientId),
    /// 患者の支援チーム.
    Team(PatientId),
    /// 自分の施設への招待.
    Invitations,
    /// バックアップと復元.
    Backups,
    /// 案件一覧.
    Cases,
    /// 案件.
    Case(CaseId),
    /// A case as an official sheet (様式).
    Sheet(CaseId, SheetKind),
    /// 申請フォーム, about somebody if that is known.
    Ask(Procedure, Option<AccountId>),
    /// 利用者管理.
    People,
    /// 管理体制.
    Structure,
    /// ポータル管理.
    Portal,
    /// A page of the portal, with its versions.
    PortalPage(PageName),
    /// A version of it.
    PortalVersion(PageName, u32),
    /// 操作記録.
    Audit,
    /// 開いた人の記録.
    Access(PatientId),
    /// 連絡先.
    Contacts,
    /// 送信と後処理の記録.
    Outbox,
    /// 権限表.
    Authority,
    /// 私の設定.
    Mine,
    /// ホーム of the city, the contractor and auditors.
    Office,
    /// 監視.
    Monitoring,
    /// 手順書.
    Runbooks,
    /// 証跡一式.
    Evidence,
}

impl Place {
    /// The places of the menu below the home page, in order.
    const MENU: &'static [Self] = &[
        Self::Patients,
        Self::Cases,
        Self::People,
        Self::Audit,
        Self::Backups,
        Self::Structure,
        Self::Portal,
        Self::Contacts,
        Self::Outbox,
        Self::Monitoring,
        Self::Authority,
        Self::Runbooks,
        Self::Evidence,
    ];

    /// Places that a phone's bottom bar has room for. What does not fit stands in the dialog behind the person's name.
    pub const ON_PHONE: usize = 5;

    /// Its address.
    pub fn path(self) -> String {
        match self {
            Self::Home => "/".into(),
            Self::Patients => "/patients".into(),
            Self::Thread(patient) => format!("/patients/{patient}"),
            Self::Register => "/patients/new".into(),
            Self::Edit(patient) => format!("/patients/{patient}/edit"),
            Self::Consent(patient) => format!("/patients/{patient}/consent"),
            Self::Team(patient) => format!("/patients/{patient}/team"),
            Self::Invitations => "/invitations".into(),
            Self::Backups => "/backups".into(),
            Self::Cases => "/cases".into(),
            Self::Case(case) => format!("/cases/{case}"),
            Self::Sheet(case, kind) => format!("/cases/{case}/{}", kind.wire()),
            Self::Ask(procedure, None) => format!("/ask/{}", procedure.wire()),
            Self::Ask(procedure, Some(account)) => format!("/ask/{}/{account}", procedure.wire()),
            Self::People => "/people".into(),
            Self::Structure => "/structure".into(),
            Self::Portal => "/portal-pages".into(),
            Self::PortalPage(page) => format!("/portal-pages/{page}"),
            Self::PortalVersion(page, number) => format!("/portal-pages/{page}/{number}"),
            Self::Audit => "/audit".into(),
            Self::Access(patient) => format!("/patients/{patient}/access"),
            Self::Contacts => "/contacts".into(),
            Self::Outbox => "/outbox".into(),
            Self::Authority => "/authority".into(),
            Self::Mine => "/me".into(),
            Self::Office => "/office".into(),
            Self::Monitoring => "/monitoring".into(),
            Self::Runbooks => "/manuals".into(),
            Self::Evidence => "/evidence".into(),
        }
    }

    /// The place of an address; `None` where there is nothing.
    pub fn from_path(path: &str) -> Option<Self> {
        let mut segments = path.strip_prefix('/')?.split('/').filter(|segment| !segment.is_empty());
        let place = match segments.next() {
            None => Self::Home,
            Some("patients") => match segments.next() {
                None => Self::Patients,
                Some("new") => Self::Register,
                Some(patient) => {
                    let patient = patient.parse().ok()?;
                    match segments.next() {
                        None => Self::Thread(patient),
                        Some("edit") => Self::Edit(patient),
                        Some("consent") => Self::Consent(patient),
                        Some("team") => Self::Team(patient),
                        Some("access") => Self::Access(patient),
                        Some(_) => return None,
                    }
                }
            },
            Some("invitations") => Self::Invitations,
            Some("backups") => Self::Backups,
            Some("cases") => match segments.next() {
                None => Self::Cases,
                Some(case) => {
                    let case = case.parse().ok()?;
                    match segments.next() {
                        None => Self::Case(case),
                        Some(kind) => Self::Sheet(case, SheetKind::from_wire(kind)?),
                    }
                }
            },
            Some("ask") => {
                let procedure = Procedure::from_wire(segments.next()?)?;
                let account = segments.next().map(str::parse).transpose().ok()?;
                Self::Ask(procedure, account)
            }
            Some("people") => Self::People,
            Some("structure") => Self::Structure,
            Some("portal-pages") => match (segments.next(), segments.next()) {
                (None, _) => Self::Portal,
                (Some(page), None) => Self::PortalPage(page.parse().ok()?),
                (Some(page), Some(number)) => Self::PortalVersion(page.parse().ok()?, number.parse().ok()?),
            },
            Some("audit") => Self::Audit,
            Some("contacts") => Self::Contacts,
            Some("outbox") => Self::Outbox,
            Some("authority") => Self::Authority,
            Some("me") => Self::Mine,
            Some("office") => Self::Office,
            Some("monitoring") => Self::Monitoring,
            Some("manuals") => Self::Runbooks,
            Some("evidence") => Self::Evidence,
            Some(_) => return None,
        };
        segments.next().is_none().then_some(place)
    }

    /// Its name in the menu.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Home | Self::Office => "ホーム",
            Self::Patients => "患者一覧",
            Self::Thread(_) => "連絡帳",
            Self::Register => "患者を登録",
            Self::Edit(_) => "登録内容を直す",
            Self::Consent(_) => "同意",
            Self::Team(_) => "支援チーム",
            Self::Invitations => "招待",
            Self::Backups => "バックアップ",
            Self::Cases => "案件一覧",
            Self::Case(_) => "案件",
            Self::Sheet(..) => "様式",
            Self::Ask(..) => "申請",
            Self::People => "利用者管理",
            Self::Structure => "管理体制",
            Self::Portal => "ポータル管理",
            Self::PortalPage(_) | Self::PortalVersion(..) => "ポータルのページ",
            Self::Audit => "操作記録",
            Self::Access(_) => "開いた人の記録",
            Self::Contacts => "連絡先",
            Self::Outbox => "送信の記録",
            Self::Authority => "権限表",
            Self::Mine => "私の設定",
            Self::Monitoring => "監視",
            Self::Runbooks => "手順書",
            Self::Evidence => "証跡一式",
        }
    }

    /// What somebody must be allowed to do, in some relation, for the place to be theirs.
    pub const fn needs(self) -> Option<Action> {
        match self {
            Self::Home | Self::Authority | Self::Mine | Self::Office => None,
            Self::Patients => Some(Action::ListPatients),
            Self::Thread(_) => Some(Action::ReadThread),
            Self::Cases => Some(Action::ListCases),
            Self::Case(_) | Self::Sheet(..) => Some(Action::ReadCase),
            Self::Ask(..) => Some(Action::OpenCase),
            Self::People => Some(Action::ListPeople),
            Self::Structure => Some(Action::ReadStructure),
            Self::Portal | Self::PortalPage(_) | Self::PortalVersion(..) => Some(Action::ReadPortal),
            Self::Contacts => Some(Action::ReadContacts),
            Self::Outbox => Some(Action::ReadOutbox),
            Self::Audit => Some(Action::ListAudit),
            Self::Access(_) => Some(Action::ReadAccess),
            Self::Register => Some(Action::RegisterPatient),
            Self::Edit(_) => Some(Action::EditPatient),
            Self::Consent(_) | Self::Team(_) => Some(Action::ReadTeam),
            Self::Invitations => Some(Action::ListInvitations),
            Self::Backups => Some(Action::ListBackups),
            Self::Monitoring => Some(Action::ReadMonitoring),
            Self::Runbooks => Some(Action::ListRunbooks),
            Self::Evidence => Some(Action::ReadEvidence),
        }
    }

    /// Where holders of these roles begin.
    pub fn home_of(roles: &[Role]) -> Self {
        let cares = [Action::ListPatients, Action::ListInvitations];
        let cares = cares.iter().any(|action| shared::authority::may_ever(Some(roles), *action));
        if cares { Self::Home } else { Self::Office }
    }

    /// The menu of holders of these roles.
    pub fn menu(roles: &[Role]) -> Vec<Self> {
        let places = Self::MENU.iter().copied().filter(|place| place.open_to(roles));
        std::iter::once(Self::home_of(roles)).chain(places).collect()
    }

    /// Whether it shows anything to holders of these roles.
    pub fn open_to(self, roles: &[Role]) -> bool {
        self.needs().is_none_or(|action| shared::authority::may_ever(Some(roles), action))
    }

    /// Where in the menu somebody is who stands here.
    pub const fn in_menu(self) -> Self {
        match self {
            Self::Thread(_)
            | Self::Register
            | Self::Edit(_)
            | Self::Consent(_)
            | Self::Team(_)
            | Self::Access(_) => Self::Patients,
            Self::Case(_) | Self::Sheet(..) | Self::Ask(..) => Self::Cases,
            Self::Invitations => Self::Home,
            Self::PortalPage(_) | Self::PortalVersion(..) => Self::Portal,
            other => other,
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// At least one place of each kind.
    pub fn some_of_each() -> Vec<Place> {
        let patient = PatientId::from_parts(1_795_000_000_000, 7);
        let further = vec![
            Place::Thread(patient),
            Place::Register,
            Place::Edit(patient),
            Place::Consent(patient),
            Place::Team(patient),
            Place::Access(patient),
            Place::Invitations,
            Place::Home,
            Place::Office,
            Place::Mine,
            Place::Case(CaseId::from_parts(1_795_000_000_000, 7)),
            Place::Sheet(CaseId::from_parts(1_795_000_000_000, 7), SheetKind::IncidentReport),
            Place::Ask(Procedure::AccountAdd, None),
            Place::PortalPage("about".parse().unwrap()),
            Place::PortalVersion("about".parse().unwrap(), 12),
            Place::Ask(Procedure::AccountRemove, Some(AccountId::from_parts(1_795_000_000_000, 7))),
        ];
        [Place::MENU, &further].concat()
    }

    #[test]
    fn there_and_back() {
        for place in some_of_each() {
            assert_eq!(Place::from_path(&place.path()), Some(place));
            assert_eq!(Place::from_path(&format!("{}/", place.path())), Some(place));
        }
    }

    #[test]
    fn elsewhere_is_nothing() {
        for path in ["", "x", "/x", "/patients/1", "/patients/../backups", "/backups/1", "/authority/x/y"] {
            assert_eq!(Place::from_path(path), None, "{path}");
        }
    }

    #[test]
    fn the_menu_follows_the_authority_table() {
        let menu = Place::menu;
        assert_eq!(menu(&[Role::Member]), [Place::Home, Place::Patients, Place::Cases, Place::Authority]);
        let city = menu(&[Role::City]);
        assert_eq!(
            city[..Place::ON_PHONE],
            [Place::Office, Place::Cases, Place::People, Place::Audit, Place::Backups]
        );
        assert!(city.contains(&Place::Structure));
        assert_eq!(menu(&[Role::Member, Role::FacilityManager]).len(), 5);
        for role in Role::ALL {
            let missing: Vec<_> = menu(&[*role]).into_iter().skip(Place::ON_PHONE).collect();
            let rare = [
                Place::Structure,
                Place::Portal,
                Place::Contacts,
                Place::Outbox,
                Place::Authority,
                Place::Monitoring,
                Place::Runbooks,
                Place::Evidence,
            ];
            assert!(missing.iter().all(|place| rare.contains(place)), "{role}: {missing:?}");
        }
    }
}
