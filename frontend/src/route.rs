//! Every address of the application, in one place: links are made of it and addresses are read by it.

use shared::{authority::Action, id::PatientId, people::Role};

/// A place in the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// ホーム: what waits for me.
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
    /// 権限表.
    Authority,
}

impl Place {
    /// The places of the menu, in order.
    pub const MENU: &'static [Self] = &[Self::Home, Self::Patients, Self::Backups, Self::Authority];

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
            Self::Authority => "/authority".into(),
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
                        Some(_) => return None,
                    }
                }
            },
            Some("invitations") => Self::Invitations,
            Some("backups") => Self::Backups,
            Some("authority") => Self::Authority,
            Some(_) => return None,
        };
        segments.next().is_none().then_some(place)
    }

    /// Its name in the menu.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Home => "ホーム",
            Self::Patients => "患者一覧",
            Self::Thread(_) => "連絡帳",
            Self::Register => "患者を登録",
            Self::Edit(_) => "登録内容を直す",
            Self::Consent(_) => "同意",
            Self::Team(_) => "支援チーム",
            Self::Invitations => "招待",
            Self::Backups => "バックアップ",
            Self::Authority => "権限表",
        }
    }

    /// What somebody must be allowed to do, in some relation, for the place to be theirs.
    pub const fn needs(self) -> Option<Action> {
        match self {
            Self::Home | Self::Authority => None,
            Self::Patients => Some(Action::ListPatients),
            Self::Thread(_) => Some(Action::ReadThread),
            Self::Register => Some(Action::RegisterPatient),
            Self::Edit(_) => Some(Action::EditPatient),
            Self::Consent(_) | Self::Team(_) => Some(Action::ReadTeam),
            Self::Invitations => Some(Action::ListInvitations),
            Self::Backups => Some(Action::ListBackups),
        }
    }

    /// Whether the menu shows it to holders of these roles.
    pub fn open_to(self, roles: &[Role]) -> bool {
        self.needs().is_none_or(|action| shared::authority::may_ever(Some(roles), action))
    }

    /// Where in the menu somebody is who stands here.
    pub const fn in_menu(self) -> Self {
        match self {
            Self::Thread(_) | Self::Register | Self::Edit(_) | Self::Consent(_) | Self::Team(_) => {
                Self::Patients
            }
            Self::Invitations => Self::Home,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let patient = PatientId::from_parts(1_795_000_000_000, 7);
        let further = [
            Place::Thread(patient),
            Place::Register,
            Place::Edit(patient),
            Place::Consent(patient),
            Place::Team(patient),
            Place::Invitations,
        ];
        for place in Place::MENU.iter().chain(&further) {
            assert_eq!(Place::from_path(&place.path()), Some(*place));
            assert_eq!(Place::from_path(&format!("{}/", place.path())), Some(*place));
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
        let menu =
            |roles: &[Role]| Place::MENU.iter().copied().filter(|p| p.open_to(roles)).collect::<Vec<_>>();
        assert_eq!(menu(&[Role::Member]), [Place::Home, Place::Patients, Place::Authority]);
        assert_eq!(menu(&[Role::City]), [Place::Home, Place::Backups, Place::Authority]);
        assert!(Place::MENU.len() <= 5, "a phone's bottom bar holds five");
    }
}
