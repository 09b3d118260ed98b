//! What a city or an environment decides, read from the environment of the process.

use shared::evidence::deidentify::LEAST_PEOPLE_MIN;
use std::env;

/// Settings of one deployment: one deployment serves one city.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The DynamoDB table.
    pub table: String,
    /// The bucket of attachments.
    pub attachments: String,
    /// The bucket of backups, with Object Lock.
    pub archive: String,
    /// The name of the city's network, for screens.
    pub network: String,
    /// The only origins from which a browser may change anything; `http://localhost` style without a slash.
    pub origins: Vec<String>,
    /// Hour and minute in Japan at which the daily backup starts (Art. 23(2): approved and published).
    pub daily_at: (u8, u8),
    /// 速やかに in hours: how soon a request should be done (Art. 13(2)); later it shows as overdue.
    pub prompt_hours: i64,
    /// The smallest class of people that an output of de-identified data may tell of (Art. 15(3)): rows of fewer and
    /// cells of fewer are left out.
    pub least_people: u32,
    /// The screen locks after so many seconds without input (Art. 4(3); requirements §2, 5).
    pub lock_seconds: i64,
    /// A session ends after so many seconds without input (Art. 4(3); requirements §2, 5).
    pub idle_seconds: i64,
    /// A session ends after so many seconds in any case.
    pub session_seconds: i64,
}

impl Settings {
    /// From environment variables, each with the default of the product where one makes sense.
    ///
    /// # Errors
    /// The name of a variable that is missing or cannot be read.
    pub fn from_env() -> Result<Self, String> {
        let needed = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
        let seconds = |name: &str, default: i64| match env::var(name) {
            Ok(text) => text.parse().map_err(|_| format!("{name} must be a whole number")),
            Err(_) => Ok(default),
        };
        Ok(Self {
            table: needed("TSUNAGARU_TABLE")?,
            attachments: needed("TSUNAGARU_ATTACHMENTS")?,
            archive: needed("TSUNAGARU_ARCHIVE")?,
            network: env::var("TSUNAGARU_NETWORK").unwrap_or_else(|_| "つながる連絡帳".into()),
            origins: needed("TSUNAGARU_ORIGINS")?.split(',').map(str::to_owned).collect(),
            daily_at: time_of_day(&env::var("TSUNAGARU_DAILY_AT").unwrap_or_else(|_| "02:00".into()))
                .ok_or("TSUNAGARU_DAILY_AT must be HH:MM")?,
            prompt_hours: seconds("TSUNAGARU_PROMPT_HOURS", 24)?,
            least_people: least_people(&env::var("TSUNAGARU_LEAST_PEOPLE").unwrap_or_else(|_| "10".into()))
                .ok_or("TSUNAGARU_LEAST_PEOPLE must be a whole number from 3 on")?,
            lock_seconds: seconds("TSUNAGARU_LOCK_SECONDS", 10 * 60)?,
            idle_seconds: seconds("TSUNAGARU_IDLE_SECONDS", 60 * 60)?,
            session_seconds: seconds("TSUNAGARU_SESSION_SECONDS", 12 * 60 * 60)?,
        })
    }
}

fn least_people(text: &str) -> Option<u32> {
    text.parse().ok().filter(|least| *least >= LEAST_PEOPLE_MIN)
}

fn time_of_day(text: &str) -> Option<(u8, u8)> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some((hour, minute))
}
