//! What somebody learns whom a stopped service does not let in (Art. 23(3), figure 2-5).

use super::PlannedStop;
use crate::{api::error::Code, portal::HelpDesk};
use serde::{Deserialize, Serialize};

/// That the service is stopped: what for, until when, and whom to ask meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Halt {
    /// The announced stop, with its end as it stands now; `None` where an incident closes the service: nobody knows yet
    /// until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<PlannedStop>,
    /// How the help desk is reached.
    pub contact: HelpDesk,
    /// When it answers, in words.
    pub hours: String,
}

impl Halt {
    /// What is going on, for whoever tries while it holds.
    pub fn in_words(&self) -> String {
        match &self.stop {
            // Seen from the beginning: the end is today only if it was so from the first minute on.
            Some(stop) => format!(
                "ただいまサービスを止めています。再開の予定は、{}です。入力した内容は残っています。",
                stop.to.in_words(stop.from)
            ),
            None => Code::Maintenance.label().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calendar::Timestamp, id::CaseId, procedure::ServiceMode};

    fn until(to: &str) -> Halt {
        let from: Timestamp = "2026-12-05T22:00:00+09:00".parse().unwrap();
        let (case, to) = (CaseId::from_parts(1, 1), to.parse().unwrap());
        let stop = PlannedStop { case, title: "更新".into(), from, to, mode: ServiceMode::Closed };
        Halt { stop: Some(stop), contact: HelpDesk::default(), hours: String::new() }
    }

    #[test]
    fn an_announced_stop_says_until_when_and_an_incident_cannot() {
        let words = until("2026-12-06T01:00:00+09:00").in_words();
        assert!(words.contains("再開の予定は、12月6日(日) 1:00です。"), "{words}");
        let words = until("2026-12-05T23:30:00+09:00").in_words();
        assert!(words.contains("再開の予定は、今日 23:30です。"), "{words}");
        let unknown = Halt { stop: None, ..until("2026-12-05T23:30:00+09:00") };
        assert_eq!(unknown.in_words(), Code::Maintenance.label());
    }
}
