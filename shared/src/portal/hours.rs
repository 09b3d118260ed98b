//! Whom to call (Art. 16, figure 3): set with the deployment.

use serde::{Deserialize, Serialize};

/// How the help desk is reached; when, say [`crate::calendar::Hours`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct HelpDesk {
    /// Its name.
    pub name: String,
    /// Telephone: in the hours.
    pub phone: String,
    /// FAX: at any time.
    pub fax: String,
    /// E-mail: at any time.
    pub mail: String,
}

impl Default for HelpDesk {
    fn default() -> Self {
        Self {
            name: "ヘルプデスク".into(), phone: String::new(), fax: String::new(), mail: String::new()
        }
    }
}

impl HelpDesk {
    /// 「電話 0000-00-1600」 and the other ways that there are.
    pub fn ways(&self) -> Vec<String> {
        let ways = [("電話", &self.phone), ("FAX", &self.fax), ("E-mail", &self.mail)];
        let ways = ways.into_iter().filter(|(_, at)| !at.is_empty());
        ways.map(|(way, at)| format!("{way} {at}")).collect()
    }
}

/// When the monthly backup starts (Art. 23(2)(3)): day of the month, hour, minute.
pub type MonthlyAt = (u8, u8, u8);
