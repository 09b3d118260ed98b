//! What a person may do only so many times a day. The count is in the table: no second server begins anew.

use crate::{
    http::{context::Cx, error::ApiError},
    store::{error::StoreError, people::Throttle, tx::Tx},
};
use shared::{api::error::Code, calendar::Timestamp};

/// A count is forgotten so many seconds after it was last used; its day is over by then.
const FORGOTTEN_AFTER: i64 = 2 * 24 * 60 * 60;

/// How often whoever acts did something today.
pub struct Today {
    what: String,
    seen: Throttle,
    forgotten: Timestamp,
}

impl Today {
    /// The count of something.
    ///
    /// # Errors
    /// If nobody is signed in, or the store cannot be reached.
    pub async fn of(cx: &Cx, what: &str) -> Result<Self, ApiError> {
        let what = format!("{what}:{}:{}", cx.actor()?.account, cx.now.day());
        let seen = cx.app.store.throttle(&what).await?;
        Ok(Self { what, seen, forgotten: cx.now.plus_seconds(FORGOTTEN_AFTER) })
    }

    /// Whether it was done so often already.
    pub const fn has_reached(&self, most: u32) -> bool {
        self.seen.failures >= most
    }

    /// Counts one more before it is done.
    ///
    /// # Errors
    /// [`Code::Busy`] if another one was counted meanwhile: what is done side by side cannot share one count.
    pub async fn count(&self, cx: &Cx) -> Result<(), ApiError> {
        let counted = cx.app.store.count_attempt(&self.what, self.seen, self.next(), self.forgotten).await?;
        if counted { Ok(()) } else { Err(Code::Busy.into()) }
    }

    /// The write that counts one more together with what is done.
    ///
    /// # Errors
    /// If the write cannot be put together; [`Code::Busy`], as in [`Self::count`], shows when the transaction is committed.
    pub fn count_with(&self, cx: &Cx, tx: &mut Tx<Code>) -> Result<(), StoreError> {
        cx.app.store.put_attempt(tx, &self.what, self.seen, self.next(), self.forgotten)
    }

    const fn next(&self) -> Throttle {
        Throttle { failures: self.seen.failures.saturating_add(1), next_try: 0 }
    }
}
