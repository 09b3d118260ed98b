//! How far the service is open, and who is let in all the same: what incidents close (`closing.rs`), what stops were announced.

use super::IncidentStop;
use crate::{
    api::AuditClass,
    authority::Action,
    calendar::Timestamp,
    evidence::schedule::{BackupTimes, monthly_window},
    id::{AccountId, CaseId, FacilityId},
    label::labelled,
    people::Role,
    portal::Service as Part,
};
use serde::{Deserialize, Serialize};

labelled! {
    /// How far the service is open.
    pub enum ServiceMode {
        Open = "open" "稼働中",
        ReadOnly = "read_only" "閲覧だけできます",
        Closed = "closed" "停止中",
        /// As [`Self::Closed`], and whoever was signed in at the cut is signed out.
        Cut = "cut" "切断中",
    }
}

impl ServiceMode {
    /// What people cannot use meanwhile.
    pub fn closes(self) -> Vec<Part> {
        match self {
            Self::Open => Vec::new(),
            Self::ReadOnly => vec![Part::Files, Part::Procedures],
            Self::Closed | Self::Cut => Part::ALL.to_vec(),
        }
    }
}

/// A stop that was announced (Art. 23(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedStop {
    /// By which case.
    pub case: CaseId,
    /// What for, as the portal says it.
    pub title: String,
    /// From when.
    pub from: Timestamp,
    /// Until when; the service goes on by itself.
    pub to: Timestamp,
    /// How far it is open meanwhile.
    pub mode: ServiceMode,
}

/// That somebody confirmed an announced stop (figure 2-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopConfirmation {
    /// Of which case.
    pub case: CaseId,
    /// Of which facility the person was.
    pub facility: FacilityId,
    /// Who.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A stop that lies ahead or holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// By which case; `None` for that of a monthly backup, which needs no announcement of its own.
    pub case: Option<CaseId>,
    /// What for.
    pub title: String,
    /// From when.
    pub from: Timestamp,
    /// Until when at the latest.
    pub to: Timestamp,
    /// How far the service is open meanwhile.
    pub mode: ServiceMode,
}

/// The service as it stands, and the stops that are announced. A planned stop begins and ends by the clock alone: whatever
/// fails meanwhile, the service goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Service {
    /// How far incidents leave it open: the strictest of them counts.
    pub mode: ServiceMode,
    /// Since when it is open so far.
    pub since: Timestamp,
    /// By which incident; `None` while none closes anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// Who cut last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// The last cut: sessions that began before are void, but for those of whoever cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_at: Option<Timestamp>,
    /// What other incidents close meanwhile: it holds until their own recovery.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<IncidentStop>,
    /// Stops that were announced and are not long over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<PlannedStop>,
    /// Approved times of backups; each month has a stop for its backup.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<BackupTimes>,
    /// The stop for a monthly backup that began last and is over before its time, because the backup is done: its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_done: Option<Timestamp>,
}

/// For so many days a stop that is over is still known.
const STOPS_KNOWN_DAYS: i64 = 40;
/// What a monthly backup's stop is called.
const MONTHLY_TITLE: &str = "月次バックアップ";

impl Service {
    /// A service that was never closed.
    pub const fn open(since: Timestamp) -> Self {
        Self {
            mode: ServiceMode::Open,
            since,
            case: None,
            by: None,
            cut_at: None,
            others: Vec::new(),
            stops: Vec::new(),
            times: Vec::new(),
            monthly_done: None,
        }
    }

    /// Whether somebody's session that began then has ended by a cut.
    pub fn voids(&self, account: AccountId, began: Timestamp) -> bool {
        self.by != Some(account) && self.cut_at.is_some_and(|cut| began <= cut)
    }

    /// The stops that hold now or lie ahead, soonest first: those announced, and this and next month's for the backup.
    pub fn stops_from(&self, now: Timestamp) -> Vec<Stop> {
        let mut all: Vec<Stop> = self
            .stops
            .iter()
            .map(|stop| Stop {
                case: Some(stop.case),
                title: stop.title.clone(),
                from: stop.from,
                to: stop.to,
                mode: stop.mode,
            })
            .collect();
        let today = now.day();
        let (_, _, day) = today.ymd();
        // A stop may begin in one month and end in the next.
        let months = [today.plus_days(-i64::from(day)), today, today.plus_days(32 - i64::from(day))];
        for (from, to) in months.into_iter().filter_map(|day| monthly_window(&self.times, day)) {
            if self.monthly_done != Some(from) {
                let (title, mode) = (MONTHLY_TITLE.to_owned(), ServiceMode::ReadOnly);
                all.push(Stop { case: None, title, from, to, mode });
            }
        }
        all.retain(|stop| now < stop.to);
        all.sort_by_key(|stop| stop.from);
        all.dedup();
        all
    }

    /// The stop that holds now; of several the strictest, and of those the one that ends last.
    pub fn stop_at(&self, now: Timestamp) -> Option<Stop> {
        let holding = self.stops_from(now).into_iter().filter(|stop| stop.from <= now);
        holding.max_by_key(|stop| (stop.mode, stop.to))
    }

    /// The stop that holds now and closes more than an incident does: the one by which the service opens again.
    pub fn decided_by(&self, now: Timestamp) -> Option<Stop> {
        self.stop_at(now).filter(|stop| stop.mode > self.mode)
    }

    /// The announced stop that lets users do nothing now; `None` where an incident does, or nothing.
    pub fn closed_by(&self, now: Timestamp) -> Option<&PlannedStop> {
        let stop = self.decided_by(now).filter(|stop| stop.mode >= ServiceMode::Closed)?;
        self.stops.iter().find(|planned| Some(planned.case) == stop.case)
    }

    /// How far the service is open now: by incidents and by planned stops, whichever is stricter.
    pub fn mode_at(&self, now: Timestamp) -> ServiceMode {
        self.stop_at(now).map_or(self.mode, |stop| stop.mode.max(self.mode))
    }

    /// Forgets stops that are long over.
    pub fn tidy(&mut self, now: Timestamp) {
        self.stops.retain(|stop| stop.to.plus_seconds(STOPS_KNOWN_DAYS * 24 * 3600) > now);
    }

    /// Whether somebody may do something now. Whoever has to bring the service back is let in: the city and the
    /// contractor. `roles` is `None` before sign-in.
    pub fn admits(&self, roles: Option<&[Role]>, action: Action, audit: AuditClass, now: Timestamp) -> bool {
        let user = |role: &Role| matches!(role, Role::Member | Role::FacilityManager);
        let office = roles.is_some_and(|roles| !roles.is_empty() && !roles.iter().all(user));
        let changes = matches!(audit, AuditClass::Change) && !of_own_session(action);
        match self.mode_at(now) {
            ServiceMode::Open => true,
            ServiceMode::ReadOnly => office || roles.is_none() || !changes,
            // Before sign-in nobody's role is known: who it is, is asked first.
            ServiceMode::Closed | ServiceMode::Cut => {
                office || roles.is_none() || matches!(action, Action::SignOut | Action::ReadContract)
            }
        }
    }
}

/// Coming in, going out and locking change nothing but the own session.
const fn of_own_session(action: Action) -> bool {
    matches!(
        action,
        Action::SignIn
            | Action::AskPasskey
            | Action::ProveFactor
            | Action::SignOut
            | Action::LockScreen
            | Action::Unlock
            | Action::EndSession
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use AuditClass::{Change, Read};

    fn at(mode: ServiceMode) -> Service {
        Service { mode, ..Service::open(Timestamp::from_ms(0)) }
    }

    #[test]
    fn what_each_mode_lets_through() {
        let (member, manager) = ([Role::Member], [Role::Member, Role::FacilityManager]);
        let (admin, city) = ([Role::SystemAdmin], [Role::City]);
        for (mode, roles, action, audit, admitted) in [
            (ServiceMode::Open, &member[..], Action::WriteNote, Change, true),
            (ServiceMode::ReadOnly, &member, Action::ReadThread, Read, true),
            (ServiceMode::ReadOnly, &member, Action::WriteNote, Change, false),
            (ServiceMode::ReadOnly, &manager, Action::OpenCase, Change, false),
            (ServiceMode::ReadOnly, &member, Action::ProveFactor, Change, true),
            (ServiceMode::ReadOnly, &city, Action::TakeStep, Change, true),
            (ServiceMode::Closed, &member, Action::ReadThread, Read, false),
            (ServiceMode::Closed, &member, Action::ProveFactor, Change, false),
            (ServiceMode::Closed, &member, Action::SignOut, Change, true),
            (ServiceMode::Closed, &admin, Action::TakeStep, Change, true),
            (ServiceMode::Cut, &manager, Action::ListPeople, Read, false),
            (ServiceMode::Cut, &admin, Action::TakeStep, Change, true),
        ] {
            assert_eq!(
                at(mode).admits(Some(roles), action, audit, Timestamp::from_ms(0)),
                admitted,
                "{mode} {roles:?} {action}"
            );
        }
        // Somebody whose appointments are all over is nobody's office.
        assert!(!at(ServiceMode::Cut).admits(Some(&[]), Action::ReadAccount, Read, Timestamp::from_ms(0)));
        assert!(at(ServiceMode::Cut).admits(None, Action::SignIn, Change, Timestamp::from_ms(0)));
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_planned_stop_begins_and_ends_by_the_clock() {
        let mut service = Service::open(Timestamp::from_ms(0));
        let (from, to) = (moment("2026-12-05T22:00:00+09:00"), moment("2026-12-06T01:00:00+09:00"));
        let case = CaseId::from_parts(1, 1);
        service.stops.push(PlannedStop { case, title: "更新".into(), from, to, mode: ServiceMode::Closed });
        for (at, mode) in [
            ("2026-12-05T21:59:59+09:00", ServiceMode::Open),
            ("2026-12-05T22:00:00+09:00", ServiceMode::Closed),
            ("2026-12-06T00:59:59+09:00", ServiceMode::Closed),
            ("2026-12-06T01:00:00+09:00", ServiceMode::Open),
        ] {
            assert_eq!(service.mode_at(moment(at)), mode, "{at}");
        }
        assert_eq!(service.closed_by(from).map(|stop| stop.to), Some(to));
        // An incident's cut is stricter than a stop, and outlasts it: the stop's end is not the service's.
        service.mode = ServiceMode::Cut;
        assert_eq!(service.mode_at(from), ServiceMode::Cut);
        assert_eq!(service.mode_at(to), ServiceMode::Cut);
        assert_eq!(service.closed_by(from), None);
        service.tidy(to.plus_seconds(41 * 24 * 3600));
        assert!(service.stops.is_empty());
    }

    #[test]
    fn of_stops_at_the_same_time_the_last_end_counts() {
        let mut service = Service::open(Timestamp::from_ms(0));
        let from = moment("2026-12-05T22:00:00+09:00");
        let ends = [(ServiceMode::Closed, 3), (ServiceMode::Closed, 2), (ServiceMode::ReadOnly, 9)];
        for (n, (mode, hours)) in (1..).zip(ends) {
            let (case, to) = (CaseId::from_parts(1, n), from.plus_seconds(hours * 3600));
            service.stops.push(PlannedStop { case, title: "更新".into(), from, to, mode });
        }
        assert_eq!(service.closed_by(from).map(|stop| stop.to), Some(from.plus_seconds(3 * 3600)));
        // What can be read is not closed.
        let later = from.plus_seconds(4 * 3600);
        assert_eq!((service.mode_at(later), service.closed_by(later)), (ServiceMode::ReadOnly, None));
    }

    #[test]
    fn a_monthly_backup_leaves_the_book_to_read_and_ends_early_when_it_is_done() {
        use crate::evidence::schedule::{Monthly, TimeOfDay};
        let mut service = Service::open(Timestamp::from_ms(0));
        service.times.push(BackupTimes {
            from: "2026-12-01".parse().unwrap(),
            daily: TimeOfDay { hour: 2, minute: 0 },
            monthly: Monthly { day: 1, at: TimeOfDay { hour: 23, minute: 50 }, stop_minutes: 30 },
            case: CaseId::from_parts(1, 1),
        });
        let start = moment("2027-01-01T23:50:00+09:00");
        for (at, mode) in [
            ("2027-01-01T23:49:59+09:00", ServiceMode::Open),
            ("2027-01-01T23:50:00+09:00", ServiceMode::ReadOnly),
            ("2027-01-02T00:19:59+09:00", ServiceMode::ReadOnly),
            ("2027-01-02T00:20:00+09:00", ServiceMode::Open),
        ] {
            assert_eq!(service.mode_at(moment(at)), mode, "{at}");
        }
        assert_eq!(service.stops_from(moment("2026-12-20T00:00:00+09:00"))[0].from, start);
        service.monthly_done = Some(start);
        assert_eq!(service.mode_at(start.plus_seconds(60)), ServiceMode::Open);
        assert_eq!(service.stops_from(start.plus_seconds(60))[0].from, moment("2027-02-01T23:50:00+09:00"));
    }
}
