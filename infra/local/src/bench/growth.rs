//! The same open with ten times the notes in the thread and ten times the table.

use super::{
    Options,
    drive::in_turn,
    floor, meter,
    report::{Report, head, ms, times},
    scene::{NOTES, Page},
    stage::Stage,
    visitor,
};
use crate::commands::say;
use anyhow::{Result, bail};

/// Connections of each side.
pub const CONNECTIONS: usize = 8;
const AIM: f64 = 1.2;
/// What grows: a thread of one page, and one of two, whose page is full before and after.
pub const THREADS: [u32; 2] = [NOTES, 2 * NOTES];

/// Measures opens in both tables, in turn.
pub async fn run(small: &Stage, large: &Stage, options: &Options, report: &mut Report) -> Result<()> {
    head(&format!(
        "growth: open, {CONNECTIONS} connections, tables of {} and {} items",
        small.scene.items, large.scene.items
    ));
    say(
        "  notes in the thread    units   p50 ms   p99 ms  |  10×: units   p50 ms   p99 ms  |  p50 ×  |  p99 ×",
    );
    for notes in THREADS {
        let few = pages(small, notes);
        let many = pages(large, notes * 10);
        let (Some(one), Some(ten)) = (few.first(), many.first()) else {
            bail!("no threads of {notes} notes")
        };
        let (_, one) = meter::request(small, visitor::open(one)?).await?;
        let (_, ten) = meter::request(large, visitor::open(ten)?).await?;
        let mut a = Vec::new();
        let mut b = Vec::new();
        for (few, many) in few.iter().zip(&many) {
            a.push(visitor::Open::new(&small.address, few).await?);
            b.push(visitor::Open::new(&large.address, many).await?);
        }
        let api = in_turn((&mut a, &mut b), CONNECTIONS, options.plan(), || small.work()).await?;
        let mut a: Vec<_> = few.iter().map(|page| floor::Open::new(&small.table, page)).collect();
        let mut b: Vec<_> = many.iter().map(|page| floor::Open::new(&large.table, page)).collect();
        let bare = in_turn((&mut a, &mut b), CONNECTIONS, options.plan(), || small.work()).await?;
        for (who, (a, b)) in [("API", api), ("floor", bare)] {
            let growth = times(b.percentile(99), a.percentile(99));
            let growth = match who {
                "API" => report.judge(&format!("growth of p99, {notes} → {} notes", notes * 10), growth, AIM),
                _ => format!("{growth:.2}"),
            };
            say(&format!(
                "  {who:<6} {notes:>4} → {:<5}    {one:>7} {:>8.2} {:>8.2}  |  {ten:>10} {:>8.2} {:>8.2}  |  {:>5.2}  |  {growth}",
                notes * 10,
                ms(a.percentile(50)),
                ms(a.percentile(99)),
                ms(b.percentile(50)),
                ms(b.percentile(99)),
                times(b.percentile(50), a.percentile(50)),
            ));
        }
    }
    Ok(())
}

/// The last pages with threads of this length: the first were written to.
fn pages(stage: &Stage, notes: u32) -> Vec<Page> {
    let fitting = stage.scene.pages.iter().rev().filter(|page| page.notes == notes);
    fitting.take(CONNECTIONS).cloned().collect()
}
