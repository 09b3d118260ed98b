//! How long a call to a service may take, and how often it is tried again: the same for every function and for the local
//! environment. Without a limit, one answer that never comes would use up a function's whole time.

use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use std::time::Duration;

/// One try of a call to the table. A page of 1 MB takes well under a second.
const TABLE_TRY: Duration = Duration::from_secs(8);
/// All tries of a call to the table: less than a browser waits for an answer (20 s).
const TABLE_ALL: Duration = Duration::from_secs(18);
/// One try of a call to a bucket, with the bytes that it sends (50 MB at most) and the head of what comes back. A body that
/// stalls afterwards is ended by the client itself.
const BLOBS_TRY: Duration = Duration::from_secs(15);
/// All tries of a call to a bucket.
const BLOBS_ALL: Duration = Duration::from_secs(50);
/// Tries of a call, the first one counted.
const TRIES: u32 = 4;

/// For the table.
pub fn of_table() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(TABLE_TRY).operation_timeout(TABLE_ALL).build()
}

/// For the buckets, and for whatever else is called.
pub fn of_blobs() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(BLOBS_TRY).operation_timeout(BLOBS_ALL).build()
}

/// Tries, with pauses that grow by chance.
pub fn tries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(TRIES)
}
