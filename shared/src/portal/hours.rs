//! Whom to call, and when (Art. 16, figure 3): set with the deployment.

use serde::{Deserialize, Serialize};

/// The help desk as the portal names it. Hours are those of Art. 16: Monday to Friday, 9:00 to 17:00, not on holidays,
/// not from 29 December to 3 January.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// First hour of the day.
    pub opens: u8,
    /// The hour at which it closes.
    pub closes: u8,
}

impl Default for HelpDesk {
    fn default() -> Self {
        Self {
            name: "ヘルプデスク".into(),
            phone: String::new(),
            fax: String::new(),
            mail: String::new(),
            opens: 9,
            closes: 17,
        }
    }
}

/// When the monthly backup starts (Art. 23(2)(3)): day of the month, hour, minute.
pub type MonthlyAt = (u8, u8, u8);
