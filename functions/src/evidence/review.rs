//! The monthly review of the audit log (requirements §2, 7): what the sealed log held when it was signed for.

use crate::{
    http::{context::Cx, error::ApiError},
    store::tx::Tx,
};
use shared::{
    api::{
        Empty,
        audit::{MonthReview, MonthReviews, Review},
        error::{Code, FieldError},
    },
    calendar::Day,
    evidence::seal::Seal,
    procedure::{Case, month_of},
};
use std::sync::Arc;

/// A review is due on this day of the following month.
const DUE_ON: u8 = 10;
/// Months that the page shows.
const MONTHS: usize = 14;

/// Days of a month: the first, and the first of the next.
fn bounds(first: Day) -> Option<(Day, Day)> {
    let (year, month, _) = first.ymd();
    let next = if month == 12 { Day::new(year + 1, 1, 1) } else { Day::new(year, month + 1, 1) };
    Some((first, next?))
}

/// Adds to the signing step what the month's seals hold.
///
/// # Errors
/// The month has no seals, is not wholly sealed yet, or was signed for already.
pub async fn record(cx: &Cx, tx: &mut Tx<Code>, case: &mut Case) -> Result<(), ApiError> {
    let wrong = |words: &str| ApiError::from(FieldError::new("month", words));
    let month = case.form.get("month").cloned().unwrap_or_default();
    let (first, next) = month_of(&month).and_then(bounds).ok_or(Code::Invalid)?;
    let (opening, closing) = seals_of(cx, first, next)
        .await?
        .ok_or_else(|| wrong("この月の記録は、まだ封印されていないか、ありません。"))?;
    let signed = case.taken.last_mut().ok_or(Code::Internal)?;
    let review = Review {
        case: case.id,
        number: case.number.clone(),
        by_name: signed.by_name.clone(),
        at: cx.now,
        entries: closing.end() - opening.first,
        seal: closing.number,
        head: closing.head,
    };
    signed.form.insert("kept_entries".into(), review.entries.to_string());
    signed.form.insert("kept_seals".into(), format!("{}〜{}", opening.number, review.seal));
    signed.form.insert("kept_head".into(), review.head.clone());
    cx.app.store.create_review(tx, &month, &review)?;
    Ok(())
}

/// The first and the last seal of a month; `None` unless the log is sealed to the month's end.
async fn seals_of(cx: &Cx, first: Day, next: Day) -> Result<Option<(Seal, Seal)>, ApiError> {
    let store = &cx.app.store;
    let Some(last) = store.last_seal().await? else { return Ok(None) };
    if last.to < next.start() {
        return Ok(None);
    }
    let after = async |day: Day| -> Result<u64, ApiError> {
        // The smallest number whose seal ends on this day or later: days never fall.
        let (mut low, mut high) = (1, last.number + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if store.seal_day(middle).await?.is_none_or(|found| found < day) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    };
    let opening = after(first).await?;
    let closing = (after(next).await?).min(last.number + 1) - 1;
    if closing < opening {
        return Ok(None);
    }
    let opening = super::seal::read(&cx.app, opening).await?;
    let closing = super::seal::read(&cx.app, closing).await?;
    Ok(opening.zip(closing))
}

/// The months that are over and have seals, with their reviews.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), _: Empty) -> Result<MonthReviews, ApiError> {
    let store = &cx.app.store;
    let Some(begun) = store.seal_day(1).await? else { return Ok(MonthReviews { months: Vec::new() }) };
    let signed = store.reviews().await?;
    let today = cx.now.day();
    let mut months = Vec::new();
    let (year, month, _) = today.ymd();
    let mut first = Day::new(year, month, 1);
    while let Some(after) = first {
        let (year, month, _) = after.ymd();
        let before = if month == 1 { Day::new(year - 1, 12, 1) } else { Day::new(year, month - 1, 1) };
        let Some(before) = before.filter(|_| after > begun && months.len() < MONTHS) else { break };
        let (year_of, month_of, _) = before.ymd();
        let name = format!("{year_of:04}-{month_of:02}");
        let review = signed.get(&name).cloned();
        let due = Day::new(year, month, DUE_ON);
        let overdue = review.is_none() && due.is_some_and(|due| today > due);
        months.push(MonthReview { month: name, review, overdue });
        first = Some(before);
    }
    Ok(MonthReviews { months })
}
