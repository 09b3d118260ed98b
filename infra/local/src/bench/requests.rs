//! Opening a thread and posting a note: the API over HTTP beside the bare calls, in turn.

use super::{
    Options,
    drive::{Act, Sample, in_turn},
    floor,
    meter::{self, Meter},
    part::Memory,
    report::{Report, head, megabytes, ms, times},
    scene::Texts,
    stage::Stage,
    visitor::{self, Connection},
};
use crate::commands::say;
use anyhow::{Context, Result, bail};

/// Connections at a time.
const CONNECTIONS: [usize; 3] = [1, 8, 32];
/// The slowest median beside the floor.
const AIM: f64 = 1.5;
/// The most memory of the API's process, in MB.
const MEMORY_AIM: f64 = 60.0;

/// Most connections at a time, each with a page of its own.
pub fn at_most() -> usize {
    CONNECTIONS.iter().max().copied().unwrap_or_default()
}

/// Measures both requests; each side has pages of its own, so that nobody waits for a neighbour's write.
pub async fn run(stage: &Stage, options: &Options, texts: &mut Texts, report: &mut Report) -> Result<()> {
    let at_most = at_most();
    let (ours, theirs) = stage.scene.pages.split_at(at_most);
    let idle = stage.api.memory();

    let mut api = Vec::new();
    for page in ours {
        api.push(visitor::Open::new(&stage.address, page).await?);
    }
    let mut bare: Vec<_> =
        theirs.iter().take(at_most).map(|page| floor::Open::new(&stage.table, page)).collect();
    head("open a thread of 50 notes");
    units(stage, Request::Open, texts).await?;
    compare("open", (&mut api, &mut bare), stage, options, report).await?;
    let opened = stage.api.memory();

    let (mut api, mut bare) = (Vec::new(), Vec::new());
    for (page, other) in ours.iter().zip(theirs) {
        let text = texts.next();
        api.push(visitor::Post::new(&stage.address, page, &text).await?);
        bare.push(floor::Post::new(&stage.table, other, &text));
    }
    head("post a note");
    units(stage, Request::Post, texts).await?;
    compare("post", (&mut api, &mut bare), stage, options, report).await?;
    let posted = stage.api.memory();

    for page in ours.iter().take(4) {
        Connection::to(&stage.address).await?.ask(visitor::sign_in(page)?).await.context("sign-in")?;
    }
    memory([idle, opened, posted, stage.api.memory()], report);
    Ok(())
}

async fn compare<A: Act, B: Act>(
    what: &str,
    (api, bare): (&mut Vec<A>, &mut Vec<B>),
    stage: &Stage,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    say(
        "  conns        n   p50 ms   p99 ms    req/s   CPU ms  |  floor n   p50 ms   p99 ms    req/s   CPU ms  |  CPU ÷  |  p50 ÷ floor's",
    );
    for connections in CONNECTIONS {
        let (a, b) = in_turn((&mut *api, &mut *bare), connections, options.plan(), || stage.work()).await?;
        let ratio = times(a.percentile(50), b.percentile(50));
        let ratio = report.judge(&format!("{what}, {connections} connections, p50 ÷ floor's"), ratio, AIM);
        say(&format!(
            "  {connections:>5} {}  | {}  | {:>6.2}  |  {ratio}",
            columns(&a),
            columns(&b),
            times(a.work(), b.work())
        ));
    }
    Ok(())
}

fn columns(sample: &Sample) -> String {
    let [p50, p99] = [50, 99].map(|percent| ms(sample.percentile(percent)));
    let work = ms(sample.work());
    format!("{:>8} {p50:>8.2} {p99:>8.2} {:>8.0} {work:>8.2}", sample.count(), sample.rate())
}

#[derive(Clone, Copy)]
enum Request {
    Open,
    Post,
}

/// One metered request of each side, on pages that take no part in the measurement.
async fn units(stage: &Stage, request: Request, texts: &mut Texts) -> Result<()> {
    let mut unused = stage.scene.pages.iter().skip(2 * at_most());
    let (Some(ours), Some(theirs)) = (unused.next(), unused.next()) else { bail!("too few pages") };
    let text = texts.next();
    let asked = match request {
        Request::Open => visitor::open(ours)?,
        Request::Post => visitor::post(ours, &text)?,
    };
    print_units("API", &meter::request(stage, asked).await?);
    let meter = Meter::default();
    let metered = meter.on(&stage.table);
    match request {
        Request::Open => floor::Open::new(&metered, theirs).act().await?,
        Request::Post => floor::Post::new(&metered, theirs, &text).act().await?,
    };
    print_units("floor", &meter.take());
    Ok(())
}

fn print_units(side: &str, (calls, units): &(String, f64)) {
    say(&format!("  {side:<5} capacity units {units:>5}  = {calls}"));
}

fn memory(seen: [Option<Memory>; 4], report: &mut Report) {
    head("memory of the API's process (RSS, MB)");
    let names = ["at rest", "after opening", "after posting", "after 4 sign-ins"];
    for (name, seen) in names.iter().zip(seen) {
        let Some(seen) = seen else { continue };
        let peak = megabytes(seen.peak);
        say(&format!("  {name:<17} {:>6.1}   at most so far {peak:>6.1}", megabytes(seen.now)));
    }
    if let Some(last) = seen[3] {
        let peak = report.judge("memory of the API's process, MB", megabytes(last.peak), MEMORY_AIM);
        say(&format!("  at most           {peak}"));
    }
}
