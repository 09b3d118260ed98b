//! The rules of Object Lock, as pure functions of what is locked, what is asked and what time it is.

use time::{Date, Duration, Month, OffsetDateTime};

use crate::clock::Millis;

/// How strong a retention is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Yields to whoever sends the bypass header.
    Governance,
    /// Yields to nobody.
    Compliance,
}

impl Mode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Governance, Self::Compliance].into_iter().find(|mode| mode.name() == name)
    }
}

/// A version's retention: kept until the moment `until`, which itself is free again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retention {
    pub(crate) mode: Mode,
    pub(crate) until: Millis,
}

impl Retention {
    fn in_force(self, now: Millis) -> bool {
        now < self.until
    }
}

/// Everything that keeps a version. A hold that was never set differs from one that was taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Lock {
    pub(crate) retention: Option<Retention>,
    pub(crate) hold: Option<bool>,
}

/// What a bucket gives to new versions that bring no retention of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DefaultRetention {
    pub(crate) mode: Mode,
    pub(crate) period: Period,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    Days(i32),
    /// Calendar years; from 29 February it ends on 1 March.
    Years(i32),
}

/// Why a lock cannot be given, changed or passed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A legal hold is on.
    Held,
    /// COMPLIANCE, before its date.
    Compliance,
    /// GOVERNANCE, before its date, without the bypass.
    Governance,
    /// The date asked for is not in the future.
    NotInFuture,
    /// The bucket was made without Object Lock.
    BucketWithoutLock,
}

/// Whether a version may be removed for good.
pub(crate) fn may_delete(lock: Lock, now: Millis, bypass: bool) -> Result<(), Refusal> {
    if lock.hold == Some(true) {
        return Err(Refusal::Held);
    }
    match lock.retention.filter(|retention| retention.in_force(now)) {
        Some(Retention { mode: Mode::Compliance, .. }) => Err(Refusal::Compliance),
        Some(Retention { mode: Mode::Governance, .. }) if !bypass => Err(Refusal::Governance),
        _ => Ok(()),
    }
}

/// Whether a version's retention may become `wanted`; `None` asks for none at all.
pub(crate) fn may_change(
    current: Option<Retention>,
    wanted: Option<Retention>,
    now: Millis,
    bypass: bool,
) -> Result<(), Refusal> {
    if wanted.is_some_and(|wanted| !wanted.in_force(now)) {
        return Err(Refusal::NotInFuture);
    }
    let Some(current) = current.filter(|current| current.in_force(now)) else { return Ok(()) };
    let keeps_the_date = wanted.is_some_and(|wanted| wanted.until >= current.until);
    let keeps_the_mode =
        wanted.is_some_and(|wanted| wanted.mode == current.mode || wanted.mode == Mode::Compliance);
    match current.mode {
        _ if keeps_the_date && keeps_the_mode => Ok(()),
        Mode::Compliance => Err(Refusal::Compliance),
        Mode::Governance if bypass => Ok(()),
        Mode::Governance => Err(Refusal::Governance),
    }
}

/// The lock of a new version: what the request names, else what the bucket gives.
///
/// `bucket` is `None` for a bucket without Object Lock.
pub(crate) fn for_new_version(
    bucket: Option<Option<DefaultRetention>>,
    asked: Lock,
    now: Millis,
) -> Result<Lock, Refusal> {
    let Some(default) = bucket else {
        return if asked == Lock::default() { Ok(asked) } else { Err(Refusal::BucketWithoutLock) };
    };
    if asked.retention.is_some_and(|retention| !retention.in_force(now)) {
        return Err(Refusal::NotInFuture);
    }
    let given = || default.map(|given| Retention { mode: given.mode, until: given.period.end(now) });
    Ok(Lock { retention: asked.retention.or_else(given), hold: asked.hold })
}

impl Period {
    /// When a period that begins now ends. What cannot be computed never ends.
    fn end(self, now: Millis) -> Millis {
        let end = match self {
            Self::Days(days) => now.checked_add(Duration::days(i64::from(days)).whole_milliseconds() as i64),
            Self::Years(years) => add_years(now, years),
        };
        end.unwrap_or(Millis::MAX)
    }
}

fn add_years(now: Millis, years: i32) -> Option<Millis> {
    let begin = OffsetDateTime::from_unix_timestamp_nanos(i128::from(now) * 1_000_000).ok()?;
    let year = begin.year().checked_add(years)?;
    let day =
        begin.date().replace_year(year).or_else(|_| Date::from_calendar_date(year, Month::March, 1)).ok()?;
    Millis::try_from(begin.replace_date(day).unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_800_000_000_000;

    fn keep(mode: Mode, from_now: Millis) -> Option<Retention> {
        Some(Retention { mode, until: NOW + from_now })
    }

    #[test]
    fn deleting() {
        use Mode::{Compliance, Governance};
        let table = [
            (None, None, false, Ok(())),
            (None, Some(false), false, Ok(())),
            (None, Some(true), true, Err(Refusal::Held)),
            (keep(Compliance, 1), None, false, Err(Refusal::Compliance)),
            (keep(Compliance, 1), None, true, Err(Refusal::Compliance)),
            (keep(Compliance, 0), None, false, Ok(())),
            (keep(Compliance, -1), Some(true), true, Err(Refusal::Held)),
            (keep(Governance, 1), None, false, Err(Refusal::Governance)),
            (keep(Governance, 1), None, true, Ok(())),
            (keep(Governance, 1), Some(true), true, Err(Refusal::Held)),
            (keep(Governance, 0), None, false, Ok(())),
        ];
        for (retention, hold, bypass, expected) in table {
            let lock = Lock { retention, hold };
            assert_eq!(may_delete(lock, NOW, bypass), expected, "{lock:?} bypass {bypass}");
        }
    }

    #[test]
    fn changing() {
        use Mode::{Compliance, Governance};
        let table = [
            (None, keep(Compliance, 5), false, Ok(())),
            (None, keep(Compliance, 0), true, Err(Refusal::NotInFuture)),
            (keep(Compliance, 10), keep(Compliance, 10), false, Ok(())),
            (keep(Compliance, 10), keep(Compliance, 11), false, Ok(())),
            (keep(Compliance, 10), keep(Compliance, 9), false, Err(Refusal::Compliance)),
            (keep(Compliance, 10), keep(Compliance, 9), true, Err(Refusal::Compliance)),
            (keep(Compliance, 10), keep(Governance, 11), true, Err(Refusal::Compliance)),
            (keep(Compliance, 10), None, true, Err(Refusal::Compliance)),
            (keep(Compliance, 0), keep(Governance, 1), false, Ok(())),
            (keep(Compliance, 0), None, false, Ok(())),
            (keep(Governance, 10), keep(Governance, 11), false, Ok(())),
            (keep(Governance, 10), keep(Compliance, 10), false, Ok(())),
            (keep(Governance, 10), keep(Compliance, 9), false, Err(Refusal::Governance)),
            (keep(Governance, 10), keep(Governance, 9), false, Err(Refusal::Governance)),
            (keep(Governance, 10), keep(Governance, 9), true, Ok(())),
            (keep(Governance, 10), None, false, Err(Refusal::Governance)),
            (keep(Governance, 10), None, true, Ok(())),
        ];
        for (current, wanted, bypass, expected) in table {
            assert_eq!(
                may_change(current, wanted, NOW, bypass),
                expected,
                "{current:?} to {wanted:?} bypass {bypass}"
            );
        }
    }

    #[test]
    fn giving() {
        let days = |days| DefaultRetention { mode: Mode::Compliance, period: Period::Days(days) };
        let asked = Lock { retention: keep(Mode::Governance, 7), hold: Some(true) };
        let past = Lock { retention: keep(Mode::Governance, 0), hold: None };
        let day = 24 * 60 * 60 * 1000;
        let given = Lock { retention: keep(Mode::Compliance, 2 * day), hold: None };
        let held = Lock { hold: Some(true), ..Lock::default() };
        let table = [
            (None, Lock::default(), Ok(Lock::default())),
            (None, asked, Err(Refusal::BucketWithoutLock)),
            (None, held, Err(Refusal::BucketWithoutLock)),
            (Some(None), Lock::default(), Ok(Lock::default())),
            (Some(None), asked, Ok(asked)),
            (Some(None), past, Err(Refusal::NotInFuture)),
            (Some(Some(days(2))), Lock::default(), Ok(given)),
            (Some(Some(days(2))), held, Ok(Lock { hold: Some(true), ..given })),
            (Some(Some(days(2))), asked, Ok(asked)),
        ];
        for (bucket, asked, expected) in table {
            assert_eq!(for_new_version(bucket, asked, NOW), expected, "{bucket:?} {asked:?}");
        }
    }

    #[test]
    fn years_follow_the_calendar() {
        let at = |year, month, day| {
            let date = Date::from_calendar_date(year, month, day).unwrap();
            date.midnight().assume_utc().unix_timestamp() * 1000
        };
        let table = [
            (at(2026, Month::April, 1), 5, at(2031, Month::April, 1)),
            (at(2028, Month::February, 29), 1, at(2029, Month::March, 1)),
            (at(2028, Month::February, 29), 4, at(2032, Month::February, 29)),
        ];
        for (begin, years, end) in table {
            assert_eq!(Period::Years(years).end(begin), end);
        }
        assert_eq!(Period::Years(i32::MAX).end(NOW), Millis::MAX);
    }
}
