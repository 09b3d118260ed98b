//! Whether the service is running.

use super::Service;
use crate::{api::error::FieldError, calendar::Timestamp, label::labelled, text};
use serde::{Deserialize, Serialize};

/// Longest words about the state of the service, in characters.
pub const STATUS_WORDS_MAX: usize = 400;

labelled! {
    /// Whether the service is running.
    pub enum ServiceState {
        Running = "running" "稼働中",
        Partial = "partial" "一部停止",
        Stopped = "stopped" "停止中",
        Maintenance = "maintenance" "メンテナンス",
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
    /// What does not work.
    #[serde(default)]
    pub affected: Vec<Service>,
}

impl Default for ServiceStatus {
    fn default() -> Self {
        Self { state: ServiceState::Running, words: String::new(), since: None, affected: Vec::new() }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_stops_says_why() {
        assert!(ServiceStatus::default().check().is_ok());
        let stopped = ServiceStatus { state: ServiceState::Stopped, ..ServiceStatus::default() };
        assert_eq!(stopped.check().unwrap_err()[0].field, "words");
    }
}
