//! Time, as retention sees it.

use std::sync::Arc;
use std::time::SystemTime;

use s3s::dto::Timestamp;
use time::OffsetDateTime;

/// Tells what time it is when a retention date is set or compared.
///
/// Only Object Lock asks it. Signatures, presigned URLs and `Last-Modified` follow the machine's own clock, so a
/// test can move retention forward by years without its requests being refused as too old.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The machine's own clock: what everything but a test of expiry wants.
pub fn system_clock() -> Clock {
    Arc::new(SystemTime::now)
}

/// Milliseconds since 1970 in UTC: the form in which every date is stored and compared.
pub(crate) type Millis = i64;

const NANOS_PER_MILLI: i128 = 1_000_000;

/// A date beyond the representable range counts as the end of that range, which never releases a lock early.
fn saturate(millis: i128) -> Millis {
    Millis::try_from(millis).unwrap_or(if millis < 0 { Millis::MIN } else { Millis::MAX })
}

pub(crate) fn to_millis(at: SystemTime) -> Millis {
    saturate(OffsetDateTime::from(at).unix_timestamp_nanos().div_euclid(NANOS_PER_MILLI))
}

/// Rounds up, because a lock must not end before the moment that was asked for.
pub(crate) fn deadline(at: Timestamp) -> Millis {
    let nanos = OffsetDateTime::from(at).unix_timestamp_nanos();
    saturate(nanos.div_euclid(NANOS_PER_MILLI) + i128::from(nanos.rem_euclid(NANOS_PER_MILLI) > 0))
}

pub(crate) fn to_timestamp(millis: Millis) -> Timestamp {
    let nanos = i128::from(millis) * NANOS_PER_MILLI;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).map(Timestamp::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_deadline_is_never_earlier_than_asked_and_survives_the_round_trip() {
        let asked = SystemTime::UNIX_EPOCH + Duration::new(1_800_000_000, 500_000_001);
        let kept = deadline(Timestamp::from(asked));
        assert_eq!(kept, 1_800_000_000_501);
        assert_eq!(deadline(to_timestamp(kept)), kept);
        assert_eq!(to_millis(asked), 1_800_000_000_500);
    }
}
