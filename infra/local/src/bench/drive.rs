//! Drives acts over a number of connections and keeps how long each took.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Something done again and again over one connection.
pub trait Act: Send + 'static {
    /// Does it once; how long the part took that is measured.
    fn act(&mut self) -> impl Future<Output = Result<Duration>> + Send;
}

/// How much is done: ends with the first bound that is reached.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Turns of each side.
    pub rounds: usize,
    /// How long one turn takes.
    pub turn: Duration,
    /// Acts of one connection in one turn.
    pub acts: usize,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    times: Vec<Duration>,
    wall: Duration,
}

impl Sample {
    /// Of times taken one after another.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { wall: times.iter().sum(), times }
    }

    /// How many.
    pub const fn count(&self) -> usize {
        self.times.len()
    }

    /// The time within which so many of a hundred were done.
    pub fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.times.len() * percent).div_ceil(100).saturating_sub(1);
        self.times.get(rank).copied().unwrap_or_default()
    }

    /// How many in a second.
    pub fn rate(&self) -> f64 {
        self.count() as f64 / self.wall.as_secs_f64().max(f64::EPSILON)
    }

    fn add(&mut self, times: Vec<Duration>) {
        self.times.extend(times);
        self.times.sort_unstable();
    }
}

/// Two sides in turn, each over its first `connections` acts, so that whatever else the machine does meets both.
pub async fn in_turn<A: Act, B: Act>(
    (ours, theirs): (&mut Vec<A>, &mut Vec<B>),
    connections: usize,
    plan: Plan,
) -> Result<(Sample, Sample)> {
    let (mut a, mut b) = (Sample::default(), Sample::default());
    let warm_up = Plan { acts: 5, ..plan };
    turn(ours, connections, warm_up, &mut Sample::default()).await?;
    turn(theirs, connections, warm_up, &mut Sample::default()).await?;
    for round in 0..plan.rounds {
        if round % 2 == 0 {
            turn(ours, connections, plan, &mut a).await?;
            turn(theirs, connections, plan, &mut b).await?;
        } else {
            turn(theirs, connections, plan, &mut b).await?;
            turn(ours, connections, plan, &mut a).await?;
        }
    }
    Ok((a, b))
}

/// One turn of one side.
async fn turn<A: Act>(acts: &mut Vec<A>, connections: usize, plan: Plan, seen: &mut Sample) -> Result<()> {
    if acts.len() < connections {
        bail!("{connections} connections wanted, {} prepared", acts.len());
    }
    let start = Instant::now();
    let until = start + plan.turn;
    let mut running = JoinSet::new();
    for (index, mut act) in acts.drain(..connections).enumerate() {
        running.spawn(async move {
            let mut times = Vec::new();
            while times.len() < plan.acts && Instant::now() < until {
                times.push(act.act().await?);
            }
            anyhow::Ok((index, act, times))
        });
    }
    let mut back = Vec::with_capacity(connections);
    let mut all = Vec::new();
    while let Some(done) = running.join_next().await {
        let (index, act, times) = done??;
        back.push((index, act));
        all.extend(times);
    }
    seen.wall += start.elapsed();
    seen.add(all);
    back.sort_by_key(|(index, _)| *index);
    acts.splice(0..0, back.into_iter().map(|(_, act)| act));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_seen() {
        let sample = Sample::of((1..=200).rev().map(Duration::from_millis).collect());
        let seen = [0, 50, 99, 100].map(|percent| sample.percentile(percent).as_millis());
        assert_eq!(seen, [1, 100, 198, 200]);
        assert_eq!(Sample::default().percentile(99), Duration::ZERO);
    }
}
