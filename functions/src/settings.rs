//! What a city or an environment decides, read from the environment of the process.

use serde::{Deserialize, Serialize};
use shared::{
    api::{error::FieldError, procedure::Contact},
    calendar::Hours,
    evidence::{deidentify::LEAST_PEOPLE_MIN, schedule::TimeOfDay},
    people::SessionTimes,
    portal::{HelpDesk, MonthlyAt},
};
use std::{env, path::PathBuf};

/// A part of what was deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artefact {
    /// Its name, such as the function's.
    pub name: String,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

/// Settings of one deployment: one deployment serves one city.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The DynamoDB table.
    pub table: String,
    /// The bucket of attachments.
    pub attachments: String,
    /// The bucket of backups, with Object Lock.
    pub archive: String,
    /// The bucket of the portal's files, with versions.
    pub portal: String,
    /// The bucket of destroyable keys: no versions, no lock, encrypted under KMS where there is no root key.
    pub keys: String,
    /// The bucket of their copies.
    pub keys_copy: String,
    /// The file with the root key under which keys are kept, in hex, outside the cloud.
    pub root_key: Option<PathBuf>,
    /// Whether a withdrawn consent lets the city have the patient's data erased before five years are over.
    pub erase_on_withdrawal: bool,
    /// What was deployed: each part with its SHA-256, as system data keeps it; empty where the program knows itself only.
    pub artefacts: Vec<Artefact>,
    /// The name of the city's network, for screens.
    pub network: String,
    /// The city, as official sheets name it: its mayor is addressed.
    pub city: String,
    /// The only origins from which a browser may change anything; `http://localhost` style without a slash.
    pub origins: Vec<String>,
    /// Hour and minute in Japan at which the daily backup starts (Art. 23(2): approved and published).
    pub daily_at: TimeOfDay,
    /// When the monthly backup starts, once it is approved (Art. 23(2)(3)).
    pub monthly_at: Option<MonthlyAt>,
    /// So many days ahead at least a stop and new times of backups are published (Art. 23(2)(3)).
    pub notice_days: i64,
    /// 速やかに in hours: how soon a request should be done (Art. 13(2)); later it shows as overdue.
    pub prompt_hours: i64,
    /// When the help desk answers (Art. 16).
    pub hours: Hours,
    /// How soon an inquiry should be answered, in minutes of the help desk's hours.
    pub answer_minutes: u32,
    /// How the help desk is reached.
    pub help_desk: HelpDesk,
    /// 関係箇所: whom to call beside the offices (figure 3), such as makers and carriers.
    pub related: Vec<Contact>,
    /// The smallest class of people that an output of de-identified data may tell of (Art. 15(3)): rows of fewer and
    /// cells of fewer are left out.
    pub least_people: u32,
    /// From which address mails are sent; `None`: this environment sends none.
    pub mail_from: Option<String>,
    /// The screen locks after so many seconds without input (Art. 4(3); requirements §2, 5).
    pub lock_seconds: i64,
    /// A session ends after so many seconds without input (Art. 4(3); requirements §2, 5).
    pub idle_seconds: i64,
    /// A session ends after so many seconds in any case.
    pub session_seconds: i64,
    /// With what monitoring signs in (Art. 24(2)); without it, the application's answer is not looked at, and that is
    /// found as an anomaly.
    pub monitor: Option<MonitorAccount>,
    /// Where the firewall writes what it refused (Art. 24(2)); without it, likewise.
    pub access_log: Option<AccessLog>,
    /// The clock may be wrong by so many seconds (requirements §2, 9).
    pub drift_seconds: i64,
}

/// The account of monitoring: it has no role at all, so nothing of a patient opens for it.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
pub struct MonitorAccount {
    /// User id.
    pub user_id: String,
    /// Password.
    pub password: String,
    /// The secret of its authenticator app, base32: a machine has no telephone, so it holds the second factor itself.
    pub totp_secret: String,
}

impl std::fmt::Debug for MonitorAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MonitorAccount").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// Where the firewall's log lies: objects of gzip of JSON lines, as AWS WAF writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessLog {
    /// The bucket.
    pub bucket: String,
    /// What stands before `YYYY/MM/DD/` in the keys, with its slash.
    pub prefix: String,
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
        let usual = SessionTimes::default();
        let times = SessionTimes {
            lock: seconds("TSUNAGARU_LOCK_SECONDS", usual.lock)?,
            idle: seconds("TSUNAGARU_IDLE_SECONDS", usual.idle)?,
            longest: seconds("TSUNAGARU_SESSION_SECONDS", usual.longest)?,
        };
        let times = times
            .check()
            .map_err(|wrong| format!("TSUNAGARU_LOCK_SECONDS, _IDLE_, _SESSION_: {}", in_words(&wrong)))?;
        Ok(Self {
            table: needed("TSUNAGARU_TABLE")?,
            attachments: needed("TSUNAGARU_ATTACHMENTS")?,
            archive: needed("TSUNAGARU_ARCHIVE")?,
            portal: needed("TSUNAGARU_PORTAL")?,
            keys: needed("TSUNAGARU_KEYS")?,
            keys_copy: needed("TSUNAGARU_KEYS_COPY")?,
            root_key: env::var_os("TSUNAGARU_ROOT_KEY").map(PathBuf::from),
            erase_on_withdrawal: match env::var("TSUNAGARU_ERASE_ON_WITHDRAWAL").as_deref() {
                Err(_) | Ok("no") => false,
                Ok("yes") => true,
                Ok(_) => return Err("TSUNAGARU_ERASE_ON_WITHDRAWAL must be yes or no".into()),
            },
            artefacts: match env::var("TSUNAGARU_ARTEFACTS") {
                Ok(text) => serde_json::from_str(&text).map_err(|_| "TSUNAGARU_ARTEFACTS must be JSON")?,
                Err(_) => Vec::new(),
            },
            network: env::var("TSUNAGARU_NETWORK").unwrap_or_else(|_| "つながる連絡帳".into()),
            city: env::var("TSUNAGARU_CITY").unwrap_or_else(|_| "小牧市".into()),
            origins: needed("TSUNAGARU_ORIGINS")?.split(',').map(str::to_owned).collect(),
            daily_at: TimeOfDay::parse(&env::var("TSUNAGARU_DAILY_AT").unwrap_or_else(|_| "02:00".into()))
                .ok_or("TSUNAGARU_DAILY_AT must be HH:MM")?,
            monthly_at: match env::var("TSUNAGARU_MONTHLY_AT") {
                Ok(text) => Some(day_and_time(&text).ok_or("TSUNAGARU_MONTHLY_AT must be DAY HH:MM")?),
                Err(_) => None,
            },
            notice_days: seconds("TSUNAGARU_NOTICE_DAYS", 7)?,
            prompt_hours: seconds("TSUNAGARU_PROMPT_HOURS", 24)?,
            hours: hours(env::var("TSUNAGARU_HOURS").ok())?,
            answer_minutes: u32::try_from(seconds("TSUNAGARU_ANSWER_MINUTES", 8 * 60)?)
                .map_err(|_| "TSUNAGARU_ANSWER_MINUTES must be a whole number")?,
            help_desk: match env::var("TSUNAGARU_HELP_DESK") {
                Ok(text) => serde_json::from_str(&text).map_err(|_| "TSUNAGARU_HELP_DESK must be JSON")?,
                Err(_) => HelpDesk::default(),
            },
            related: match env::var("TSUNAGARU_RELATED") {
                Ok(text) => serde_json::from_str(&text).map_err(|_| "TSUNAGARU_RELATED must be JSON")?,
                Err(_) => Vec::new(),
            },
            least_people: least_people(&env::var("TSUNAGARU_LEAST_PEOPLE").unwrap_or_else(|_| "10".into()))
                .ok_or("TSUNAGARU_LEAST_PEOPLE must be a whole number from 3 on")?,
            mail_from: env::var("TSUNAGARU_MAIL_FROM").ok().filter(|from| !from.is_empty()),
            lock_seconds: times.lock,
            idle_seconds: times.idle,
            session_seconds: times.longest,
            monitor: match env::var("TSUNAGARU_MONITOR") {
                Ok(text) => Some(serde_json::from_str(&text).map_err(|_| "TSUNAGARU_MONITOR must be JSON")?),
                Err(_) => None,
            },
            access_log: match env::var("TSUNAGARU_ACCESS_LOG") {
                Ok(text) => {
                    let (bucket, prefix) = text.split_once('/').unwrap_or((&text, ""));
                    Some(AccessLog { bucket: bucket.into(), prefix: prefix.into() })
                }
                Err(_) => None,
            },
            drift_seconds: seconds("TSUNAGARU_DRIFT_SECONDS", 5)?,
        })
    }
}

impl Settings {
    /// Of the environment whose archive is restored into this one: only what a restore reads of it is its own.
    ///
    /// # Errors
    /// The name of a variable that is missing.
    pub fn restored_from(&self) -> Result<Self, String> {
        let of_other = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
        Ok(Self {
            table: of_other("TSUNAGARU_FROM_TABLE")?,
            archive: of_other("TSUNAGARU_FROM_ARCHIVE")?,
            keys: of_other("TSUNAGARU_FROM_KEYS")?,
            keys_copy: of_other("TSUNAGARU_FROM_KEYS_COPY")?,
            ..self.clone()
        })
    }
}

/// The help desk's hours as JSON; the policy's where nothing is set.
fn hours(text: Option<String>) -> Result<Hours, String> {
    let Some(text) = text else { return Ok(Hours::default()) };
    let hours: Hours = serde_json::from_str(&text).map_err(|e| format!("TSUNAGARU_HOURS: {e}"))?;
    hours.check().map_err(|wrong| format!("TSUNAGARU_HOURS: {}", in_words(&wrong)))
}

fn in_words(wrong: &[FieldError]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

impl Settings {
    /// What may be shown and kept as evidence: every setting of meaning, no secret: of monitoring's account the user id.
    pub fn shown(&self) -> serde_json::Value {
        serde_json::json!({
            "table": self.table, "attachments": self.attachments, "archive": self.archive, "portal": self.portal,
            "keys": self.keys, "keys_copy": self.keys_copy, "root_key_file": self.root_key.is_some(),
            "erase_on_withdrawal": self.erase_on_withdrawal,
            "network": self.network, "city": self.city, "origins": self.origins, "daily_at": self.daily_at,
            "monthly_at": self.monthly_at, "prompt_hours": self.prompt_hours, "notice_days": self.notice_days, "hours": self.hours,
            "answer_minutes": self.answer_minutes, "help_desk": self.help_desk, "least_people": self.least_people, "related": self.related,
            "mail_from": self.mail_from,
            "lock_seconds": self.lock_seconds, "idle_seconds": self.idle_seconds,
            "session_seconds": self.session_seconds,
            "monitor": self.monitor.as_ref().map(|account| &account.user_id),
            "access_log": self.access_log.as_ref().map(|log| format!("{}/{}", log.bucket, log.prefix)),
            "drift_seconds": self.drift_seconds,
        })
    }
}

fn least_people(text: &str) -> Option<u32> {
    text.parse().ok().filter(|least| *least >= LEAST_PEOPLE_MIN)
}

fn day_and_time(text: &str) -> Option<MonthlyAt> {
    let (day, time) = text.split_once(' ')?;
    let day = day.parse().ok().filter(|day| (1..=28).contains(day))?;
    let TimeOfDay { hour, minute } = TimeOfDay::parse(time)?;
    Some((day, hour, minute))
}
