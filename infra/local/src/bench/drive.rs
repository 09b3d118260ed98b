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

/// What was seen, turn by turn.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    turns: Vec<Vec<Duration>>,
    wall: Duration,
    work: Duration,
}

impl Sample {
    /// Of one turn, done one after another.
    pub fn of(times: Vec<Duration>) -> Self {
        let mut sample = Self::default();
        sample.add(times.iter().sum(), times);
        sample
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.turns.iter().map(Vec::len).sum()
    }

    /// The time within which so many of a hundred were done, in the middle one of all turns: what stalls the
    /// whole machine for a moment spoils a turn, and not the figure.
    pub fn percentile(&self, percent: usize) -> Duration {
        let of_turn = |turn: &Vec<Duration>| {
            let rank = (turn.len() * percent).div_ceil(100).saturating_sub(1);
            turn.get(rank).copied()
        };
        let mut turns: Vec<_> = self.turns.iter().filter_map(of_turn).collect();
        turns.sort_unstable();
        let [low, high] = [turns.len().saturating_sub(1) / 2, turns.len() / 2];
        match (turns.get(low), turns.get(high)) {
            (Some(low), Some(high)) => (*low + *high) / 2,
            _ => Duration::ZERO,
        }
    }

    /// How many in a second.
    pub fn rate(&self) -> f64 {
        self.count() as f64 / self.wall.as_secs_f64().max(f64::EPSILON)
    }

    /// Processor time of one act, in all processes that take part: what a busy machine does not change.
    pub fn work(&self) -> Duration {
        self.work / u32::try_from(self.count()).unwrap_or(u32::MAX).max(1)
    }

    fn add(&mut self, wall: Duration, mut times: Vec<Duration>) {
        times.sort_unstable();
        self.turns.push(times);
        self.wall += wall;
    }
}

/// Two sides in turn, each over its first `connections` acts, so that whatever else the machine does meets both.
pub async fn in_turn<A: Act, B: Act>(
    (ours, theirs): (&mut Vec<A>, &mut Vec<B>),
    connections: usize,
    plan: Plan,
    work: impl Fn() -> Duration,
) -> Result<(Sample, Sample)> {
    let (mut a, mut b) = (Sample::default(), Sample::default());
    let warm_up = Plan { acts: 5, ..plan };
    turn(ours, connections, warm_up, &work, &mut Sample::default()).await?;
    turn(theirs, connections, warm_up, &work, &mut Sample::default()).await?;
    for round in 0..plan.rounds {
        if round % 2 == 0 {
            turn(ours, connections, plan, &work, &mut a).await?;
            turn(theirs, connections, plan, &work, &mut b).await?;
        } else {
            turn(theirs, connections, plan, &work, &mut b).await?;
            turn(ours, connections, plan, &work, &mut a).await?;
        }
    }
    Ok((a, b))
}

/// One turn of one side.
async fn turn<A: Act>(
    acts: &mut Vec<A>,
    connections: usize,
    plan: Plan,
    work: impl Fn() -> Duration,
    seen: &mut Sample,
) -> Result<()> {
    if acts.len() < connections {
        bail!("{connections} connections wanted, {} prepared", acts.len());
    }
    let (start, before) = (Instant::now(), work());
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
    seen.add(start.elapsed(), all);
    seen.work += work().saturating_sub(before);
    back.sort_by_key(|(index, _)| *index);
    acts.splice(0..0, back.into_iter().map(|(_, act)| act));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_middle_turn() {
        let mut sample = Sample::of((1..=200).rev().map(Duration::from_millis).collect());
        let seen = [0, 50, 99, 100].map(|percent| sample.percentile(percent).as_millis());
        assert_eq!(seen, [1, 100, 198, 200]);
        sample.add(Duration::from_secs(1), vec![Duration::from_secs(9)]);
        sample.add(Duration::from_secs(1), vec![Duration::from_millis(3)]);
        assert_eq!(sample.percentile(99).as_millis(), 198);
        assert_eq!((sample.count(), Sample::default().percentile(99)), (202, Duration::ZERO));
    }
}
