//! The one look that only a machine of its own has: whether its disk has room.

use functions::evidence::monitor::{Found, Probe};
use futures::future::{BoxFuture, FutureExt};
use shared::evidence::monitor::Part;
use std::path::PathBuf;

/// Less free space is an anomaly, in bytes.
const LEAST: u64 = 1_000_000_000;

/// The disk of a folder.
#[derive(Clone, Debug)]
pub struct Disk(pub PathBuf);

impl Probe for Disk {
    fn part(&self) -> Part {
        Part::Disk
    }

    fn look(&self) -> BoxFuture<'_, Found> {
        async move {
            let Ok(found) = rustix::fs::statvfs(&self.0) else {
                return Found::bad("データの置き場所を読めません");
            };
            let free = found.f_bavail.saturating_mul(found.f_frsize);
            let words = format!("空き {:.1} GB", free as f64 / 1e9);
            if free < LEAST { Found::bad(words) } else { Found::good(words) }
        }
        .boxed()
    }
}
