//! When a screen locks and a session ends: the city's setting (Art. 4(3); requirements §2, 5).

use crate::api::error::FieldError;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// Longest time without input before the screen locks: whoever leaves the seat for longer has left it open.
pub const LOCK_SECONDS_MAX: i64 = 30 * MINUTE;
/// Longest time without input before a session ends.
pub const IDLE_SECONDS_MAX: i64 = 4 * HOUR;
/// Longest session in any case.
pub const SESSION_SECONDS_MAX: i64 = 24 * HOUR;

/// Times of a session, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// The screen locks after so long without input: from a minute to [`LOCK_SECONDS_MAX`].
    pub lock: i64,
    /// The session ends after so long without input: not before the screen locks, at most [`IDLE_SECONDS_MAX`].
    pub idle: i64,
    /// The session ends after so long in any case: not before it could end without input, at most
    /// [`SESSION_SECONDS_MAX`].
    pub longest: i64,
}

impl Default for SessionTimes {
    /// 10 minutes, an hour, 12 hours.
    fn default() -> Self {
        Self { lock: 10 * MINUTE, idle: HOUR, longest: 12 * HOUR }
    }
}

impl SessionTimes {
    /// The times, or everything that is wrong with them.
    ///
    /// # Errors
    /// Every field in error, with its Japanese sentence.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let minute = "1分（60秒）";
        let fields = [
            ("lock", "画面がロックされるまでの時間", self.lock, MINUTE, minute, LOCK_SECONDS_MAX),
            (
                "idle",
                "操作がないときに終わるまでの時間",
                self.idle,
                self.lock,
                "画面ロックの時間",
                IDLE_SECONDS_MAX,
            ),
            (
                "longest",
                "サインインの最長時間",
                self.longest,
                self.idle,
                "操作がないときに終わるまでの時間",
                SESSION_SECONDS_MAX,
            ),
        ];
        let errors: Vec<_> = fields
            .into_iter()
            .filter(|(_, _, value, least, _, most)| value < least || value > most)
            .map(|(field, what, _, _, least, most)| {
                FieldError::new(field, format!("{what}は、{least}以上、{most}秒以下にしてください。"))
            })
            .collect();
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(lock: i64, idle: i64, longest: i64) -> Vec<String> {
        let errors = SessionTimes { lock, idle, longest }.check().err().unwrap_or_default();
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn each_time_is_in_its_bounds_and_not_before_the_one_before() {
        assert!(SessionTimes::default().check().is_ok());
        for (times, fields) in [
            ((60, 60, 60), &[][..]),
            ((LOCK_SECONDS_MAX, IDLE_SECONDS_MAX, SESSION_SECONDS_MAX), &[]),
            ((59, 3600, 43_200), &["lock"]),
            ((0, 0, 0), &["lock"]),
            ((-600, 3600, 43_200), &["lock"]),
            ((LOCK_SECONDS_MAX + 1, 3600, 43_200), &["lock"]),
            ((600, 599, 43_200), &["idle"]),
            ((600, IDLE_SECONDS_MAX + 1, SESSION_SECONDS_MAX), &["idle"]),
            ((600, 3600, 3599), &["longest"]),
            ((600, 3600, SESSION_SECONDS_MAX + 1), &["longest"]),
            ((1, 0, -1), &["lock", "idle", "longest"]),
        ] {
            assert_eq!(wrong(times.0, times.1, times.2), fields, "{times:?}");
        }
    }

    #[test]
    fn the_sentence_names_what_and_how_long() {
        let errors = SessionTimes { idle: 60, ..SessionTimes::default() }.check().unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "idle: 操作がないときに終わるまでの時間は、画面ロックの時間以上、14400秒以下にしてください。"
        );
    }
}
