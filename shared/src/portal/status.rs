//! Whether the service is running.

use super::Service as Part;
use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    label::labelled,
    procedure::{Service, ServiceMode},
    text,
};
use serde::{Deserialize, Serialize};

/// Longest words about the state of the service, in characters.
pub const STATUS_WORDS_MAX: usize = 400;

labelled! {
    /// Whether the service is running.
    pub enum ServiceState {
        Running = "running" "稼働中",
        Partial = "partial" "一部停止",
        Stopped = "stopped" "停止中",
        Maintenance = "maintenance" "計画停止中",
    }
}

/// Whether the service is running, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceStatus {
    /// Whether.
    pub state: ServiceState,
    /// In words: what people can do meanwhile, when it will go on. May be empty while all is well.
    #[serde(default)]
    pub words: String,
    /// Since when; `None` before anybody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Until when, where that was announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What does not work.
    #[serde(default)]
    pub affected: Vec<Part>,
}

impl Default for ServiceStatus {
    fn default() -> Self {
        Self {
            state: ServiceState::Running,
            words: String::new(),
            since: None,
            until: None,
            affected: Vec::new(),
        }
    }
}

impl ServiceStatus {
    /// The cleaned status.
    ///
    /// # Errors
    /// The field in error, in Japanese: whoever stops something says so in words.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        self.words = text::clean(&self.words);
        if self.state != ServiceState::Running || !self.words.is_empty() {
            text::required("words", "状態の説明", &self.words, STATUS_WORDS_MAX)
                .map_err(|error| vec![error])?;
        }
        self.affected.sort_unstable();
        self.affected.dedup();
        Ok(self)
    }

    /// What is said at a moment: while a planned stop closes more than an incident does, the stop.
    #[must_use]
    pub fn at(self, service: &Service, now: Timestamp) -> Self {
        let Some(stop) = service.decided_by(now) else { return self };
        let what = if stop.mode == ServiceMode::ReadOnly {
            "連絡帳は閲覧だけできます。予定の時刻に、自動で元に戻ります。"
        } else {
            "サービスを止めています。予定の時刻に、自動で再開します。"
        };
        Self {
            state: ServiceState::Maintenance,
            words: format!("{}のため、{what}", stop.title),
            since: Some(stop.from),
            until: Some(stop.to),
            affected: stop.mode.closes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::CaseId, procedure::PlannedStop};

    #[test]
    fn whoever_stops_says_why() {
        assert!(ServiceStatus::default().check().is_ok());
        let stopped = ServiceStatus { state: ServiceState::Stopped, ..ServiceStatus::default() };
        assert_eq!(stopped.check().unwrap_err()[0].field, "words");
    }

    #[test]
    fn a_planned_stop_is_said_while_it_holds_and_an_incident_closes_no_more() {
        let from: Timestamp = "2026-12-05T22:00:00+09:00".parse().unwrap();
        let to = from.plus_seconds(3600);
        let (case, title) = (CaseId::from_parts(1, 1), "更新".to_owned());
        let mut service = Service::open(Timestamp::from_ms(0));
        service.stops.push(PlannedStop { case, title, from, to, mode: ServiceMode::Closed });
        let running = ServiceStatus::default();
        for before_or_after in [from.plus_seconds(-1), to] {
            assert_eq!(running.clone().at(&service, before_or_after), running);
        }
        let said = running.at(&service, from);
        assert_eq!((said.state, said.since, said.until), (ServiceState::Maintenance, Some(from), Some(to)));
        assert!(said.words.starts_with("更新のため、サービスを止めています。"), "{}", said.words);
        assert_eq!(said.affected, Part::ALL);
        // What an incident closed as far is the news; what it leaves to read, the stop closes too.
        let partial = ServiceStatus { state: ServiceState::Partial, ..ServiceStatus::default() };
        service.mode = ServiceMode::ReadOnly;
        assert_eq!(partial.clone().at(&service, from).until, Some(to));
        service.mode = ServiceMode::Closed;
        assert_eq!(partial.clone().at(&service, from), partial);
    }

    #[test]
    fn a_stop_that_leaves_the_book_to_read_says_so() {
        let from: Timestamp = "2026-12-05T22:00:00+09:00".parse().unwrap();
        let (case, title) = (CaseId::from_parts(1, 1), "更新".to_owned());
        let mut service = Service::open(Timestamp::from_ms(0));
        let (to, mode) = (from.plus_seconds(3600), ServiceMode::ReadOnly);
        service.stops.push(PlannedStop { case, title, from, to, mode });
        let said = ServiceStatus::default().at(&service, from);
        assert!(said.words.contains("閲覧だけできます") && !said.affected.contains(&Part::Book), "{said:?}");
    }
}
