//! People and trust: what a password costs and its share of a sign-in, what a decision of the authority table costs, how
//! fast the audit log is verified.

use super::{
    Options,
    drive::Sample,
    report::{head, ms},
    stage::Stage,
    visitor::{Connection, sign_in},
};
use crate::commands::say;
use anyhow::{Context, Result};
use functions::people::password::{Passwords, hash};
use shared::{
    authority::{Action, Relation, decide},
    calendar::Timestamp,
    evidence::seal::{SEALED_MAX, Seal, Stored, Verifier},
    id::EventId,
    people::Role,
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Sign-ins of one measurement: fewer than an address may try without a wait.
const SIGN_INS: usize = 20;
/// Seals that are verified.
const SEALS: usize = 20;
/// Bytes of an event's stored text, as they are.
const EVENT_BYTES: usize = 420;

/// Prints the four figures.
pub async fn run(stage: &Stage, options: &Options) -> Result<()> {
    head("people and trust");
    let stored = hash(demo::DEMO_PASSWORD).context("no randomness")?;
    let passwords = Passwords::default();
    let mut hashing = Vec::new();
    for _ in 0..options.starts() + 1 {
        let start = Instant::now();
        passwords.verify(demo::DEMO_PASSWORD.into(), Some(stored.clone())).await;
        hashing.push(start.elapsed());
    }
    // The first one makes the work memory.
    let hashing = Sample::of(hashing.split_off(1)).percentile(50);
    let page = stage.scene.pages.first().context("a page")?;
    let mut connection = Connection::to(&stage.address).await?;
    let (mut times, before) = (Vec::new(), Instant::now());
    for _ in 0..SIGN_INS {
        let start = Instant::now();
        connection.ask(sign_in(page)?).await?;
        times.push(start.elapsed());
    }
    let rate = SIGN_INS as f64 / before.elapsed().as_secs_f64();
    let whole = Sample::of(times).percentile(50);
    say(&format!(
        "  Argon2id {:.1} ms of a first factor's {:.1} ms ({:.0} %); {rate:.0} a second over one connection",
        ms(hashing),
        ms(whole),
        100.0 * hashing.as_secs_f64() / whole.as_secs_f64()
    ));
    say(&format!("  a decision of the authority table: {:.0} ns", decision().as_secs_f64() * 1e9));
    let verified = verification()?;
    say(&format!("  audit log verified: {verified:.0} entries a second, of {EVENT_BYTES} bytes each"));
    Ok(())
}

/// The mean time of every role's decision on every action, in the relations of a care team's member.
fn decision() -> Duration {
    let relations = [Relation::CareTeam, Relation::Consented];
    let (start, mut made) = (Instant::now(), 0_u32);
    while start.elapsed() < Duration::from_millis(200) {
        for role in Role::ALL {
            for action in Action::ALL {
                let _ = black_box(decide(Some(&[*role]), black_box(*action), &relations));
                made += 1;
            }
        }
    }
    start.elapsed() / made.max(1)
}

fn verification() -> Result<f64> {
    let entry =
        |n: usize| -> Stored { (EventId::from_parts(n as u64, n as u128), format!("{n:0>EVENT_BYTES$}")) };
    let at = |window: usize| Timestamp::from_ms(i64::try_from(window * SEALED_MAX).unwrap_or_default());
    let mut seals: Vec<(Seal, Vec<Stored>)> = Vec::new();
    for window in 0..SEALS {
        let entries: Vec<Stored> = (window * SEALED_MAX..(window + 1) * SEALED_MAX).map(entry).collect();
        let seal = Seal::over(seals.last().map(|(seal, _)| seal), at(window), at(window + 1), &entries);
        seals.push((seal, entries));
    }
    let (mut verifier, start) = (Verifier::default(), Instant::now());
    for (seal, entries) in seals {
        verifier.check(seal, &entries).map_err(|bad| anyhow::anyhow!("{bad:?}"))?;
    }
    Ok((SEALS * SEALED_MAX) as f64 / start.elapsed().as_secs_f64())
}
