//! The subcommands of `tsunagaru-local`.

use crate::{
    cloud::{Cloud, Endpoints, settings},
    control,
    describe::{DemoAccount, Description},
    disk::Disk,
    door::Door,
    load, post, press, schedule, secondfactor,
    serve::{Front, serve},
    site::Site,
    testclock::TestClock,
};
use anyhow::{Context, Result, bail};
use demo::Size;
use functions::{
    app::App,
    evidence::{
        backup,
        by_hand::{self, ByHand},
        drill, left, monthly, seal, system, verify,
    },
    procedure::disposal,
};
use shared::{
    calendar::{Day, Timestamp, YearMonth},
    evidence::{BackupKind, Generation, VerificationState, deidentify::LEAST_PEOPLE_MIN},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};
use tokio::net::TcpListener;

/// The variable by which a test moves the clock of `backup`, `verify`, `erase`, `drill` and `restore`.
pub const TEST_CLOCK: &str = "TSUNAGARU_TEST_CLOCK";

/// What `serve` was asked for.
#[derive(Clone, Debug, clap::Args)]
pub struct Serve {
    /// The folder with the built site; without it only the API answers.
    #[arg(long)]
    pub site: Option<PathBuf>,
    /// Where everything is kept.
    #[arg(long)]
    pub data: PathBuf,
    /// Port for the browser; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Load the demo city into a new folder (the default).
    #[arg(long, conflicts_with = "empty")]
    pub demo: bool,
    /// Load only the accounts of the city and the contractor into a new folder.
    #[arg(long)]
    pub empty: bool,
    /// Load a small city, for tests.
    #[arg(long, conflicts_with_all = ["demo", "empty"])]
    pub small: bool,
    /// A test clock that starts here and can be moved through the control address.
    #[arg(long)]
    pub clock: Option<Timestamp>,
}

/// Runs the product on one machine until Ctrl-C.
///
/// # Errors
/// What could not be started.
pub async fn run_serve(options: Serve) -> Result<()> {
    let clock = options.clock.map_or_else(TestClock::default, TestClock::starting_at);
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .await
        .with_context(|| format!("port {} is in use; choose another with --port", options.port))?;
    let port = listener.local_addr()?.port();
    let url = format!("http://localhost:{port}");
    let origins = vec![url.clone(), format!("http://127.0.0.1:{port}")];
    let mut cloud = Cloud::start(&options.data, &clock).await?;
    if cloud.prepare(&origins).await? {
        let app = cloud.endpoints.app(Arc::new(clock.clone()), settings(origins.clone()));
        let accounts = first_load(&app, &cloud, &options).await?;
        std::fs::write(accounts_file(&options.data), serde_json::to_vec(&accounts)?)?;
        // Loading in bulk leaves the table's file in a mode that does not wait for the disk; opened anew it does.
        cloud.stop().await;
        cloud = Cloud::start(&options.data, &clock).await?;
    } else if !accounts_file(&options.data).exists() {
        bail!(
            "{} was not loaded to the end: delete the folder and start again, or repeat the restore into it",
            options.data.display()
        );
    }
    let mut settings = settings(origins);
    if options.small {
        // Its few patients would never be enough for the city's own threshold.
        settings.least_people = LEAST_PEOPLE_MIN;
    }
    let app = cloud.endpoints.app(Arc::new(clock.clone()), settings);
    press::give(&app);
    let mails = post::give(&app, &options.data)?;
    let accounts = std::fs::read(accounts_file(&options.data)).unwrap_or_default();
    let accounts: Vec<DemoAccount> = serde_json::from_slice(&accounts).unwrap_or_default();
    let demo = Arc::new(accounts.clone());
    let control = match options.clock {
        None => None,
        Some(_) => {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let address = format!("http://{}", listener.local_addr()?);
            tokio::spawn(control::serve(listener, clock, app.clone()));
            Some(address)
        }
    };
    let site = options.site.as_deref().map(|folder| Site::new(folder, &cloud.endpoints.s3));
    let description = Description::new(url.clone(), control, cloud.endpoints.clone(), accounts);
    description.write(&options.data)?;
    print(&description, &options.data);
    let door = Door::default();
    let mut jobs = vec![
        tokio::spawn(schedule::run(app.clone())),
        tokio::spawn(schedule::by_hand(app.clone())),
        tokio::spawn(schedule::erase(app.clone())),
    ];
    let _ = app.probes.set(vec![Arc::new(Disk(options.data.clone()))]);
    // A test clock that jumps leaves slots without a look: there, monitoring runs when the control address says so.
    if options.clock.is_none() {
        jobs.push(tokio::spawn(schedule::monitor(app.clone(), door.clone())));
        jobs.push(tokio::spawn(schedule::look_at_ring(app.clone())));
        jobs.push(tokio::spawn(schedule::check_monitoring(app.clone())));
        jobs.push(tokio::spawn(schedule::drill(app.clone())));
    }
    say(&format!("ready {url}"));
    let front = Front { app: app.clone(), site, demo, mails: Some(mails), door: door.clone() };
    serve(listener, front, interrupted()).await?;
    jobs.iter().for_each(tokio::task::JoinHandle::abort);
    if let Err(error) = door.write(&app).await {
        tracing::error!(%error, "the end of the door's log was not written");
    }
    Description::remove(&options.data);
    cloud.stop().await;
    Ok(())
}

pub(crate) fn accounts_file(folder: &Path) -> PathBuf {
    folder.join("accounts.json")
}

async fn first_load(app: &Arc<App>, cloud: &Cloud, options: &Serve) -> Result<Vec<DemoAccount>> {
    let started = Instant::now();
    let accounts = if options.empty {
        load::staff(app, cloud).await?
    } else {
        let size = if options.small { Size::TEST } else { Size::DEMO };
        say(&format!("loading the demo city: {} patients, {} notes …", size.patients, size.notes));
        load::city(app, cloud, size).await?
    };
    say(&format!("{} accounts loaded in {:.1} s", accounts.len(), started.elapsed().as_secs_f32()));
    Ok(accounts.iter().map(DemoAccount::from).collect())
}

async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

fn print(description: &Description, data: &Path) {
    let aws = &description.aws;
    say(&format!("\n  address    {}", description.url));
    if let Some(control) = &description.control {
        say(&format!("  test clock {control}/clock"));
    }
    say(&format!("  DynamoDB   {}  table {}", aws.dynamodb, description.table));
    say(&format!(
        "  S3         {}  buckets {}, {}, {}",
        aws.s3, description.buckets.attachments, description.buckets.archive, description.buckets.portal
    ));
    say(&format!("  AWS keys   {} / {}  region {}", aws.access_key_id, aws.secret_access_key, aws.region));
    say(&format!("  all of it  {}", data.join("local.json").display()));
    if !description.accounts.is_empty() {
        say(&format!("\n  every demo account has the password  {}", demo::DEMO_PASSWORD));
        say(&format!("  their second factors are shown at  {}{}", description.url, secondfactor::PATH));
        for account in
            description.accounts.iter().filter(|account| demo::named::ALL.contains(&account.user_id.as_str()))
        {
            let roles: Vec<_> = account.roles.iter().map(|role| role.label()).collect();
            say(&format!(
                "  {:14} {}（{}・{}）",
                account.user_id,
                account.name,
                account.facility,
                roles.join("、")
            ));
        }
    }
    say("");
}

/// The one place where this program talks to the person who started it.
#[allow(clippy::print_stdout, reason = "a command line tool answers on standard output")]
pub fn say(line: &str) {
    println!("{line}");
}

/// The services of a data folder: those of the environment that runs on it, or our own for as long as the
/// command takes.
pub(crate) struct Opened {
    pub app: Arc<App>,
    own: Option<Cloud>,
}

impl Opened {
    pub async fn folder(folder: &Path) -> Result<Self> {
        if let Some(running) = running(folder).await {
            let app = running.app(Arc::new(clock()?), settings(Vec::new()));
            return Ok(Self { app, own: None });
        }
        if !folder.join("dynamodb.sqlite").exists() {
            bail!("{} holds no environment: start one with `cargo xtask dev --data` first", folder.display());
        }
        Self::start(folder).await
    }

    pub async fn start(folder: &Path) -> Result<Self> {
        let clock = clock()?;
        let cloud = Cloud::start(folder, &clock).await?;
        cloud.prepare(&["http://localhost:8080".to_owned()]).await?;
        let app = cloud.endpoints.app(Arc::new(clock), settings(Vec::new()));
        Ok(Self { app, own: Some(cloud) })
    }

    pub async fn close(self) {
        if let Some(cloud) = self.own {
            cloud.stop().await;
        }
    }
}

/// The clock of a command: the machine's, or the one that a test sets.
fn clock() -> Result<TestClock> {
    let Ok(text) = std::env::var(TEST_CLOCK) else { return Ok(TestClock::default()) };
    Ok(TestClock::starting_at(text.parse().map_err(|_| anyhow::anyhow!("{TEST_CLOCK} is no time"))?))
}

/// The endpoints of an environment that runs on a folder and answers.
async fn running(folder: &Path) -> Option<Endpoints> {
    let endpoints = Description::read(folder)?.aws;
    let address = endpoints.dynamodb.strip_prefix("http://")?.to_owned();
    tokio::net::TcpStream::connect(address).await.ok()?;
    Some(endpoints)
}

/// Which generation `backup` writes.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// What was sent on a day.
    Daily(Day),
    /// Everything, this month.
    Monthly(YearMonth),
    /// The system data.
    System,
}

/// Who runs something by hand, and why (Art. 24(1)).
#[derive(Clone, Debug, clap::Args)]
pub struct ByHandArgs {
    /// The user id of whoever runs it: a system administrator's.
    #[arg(long, value_name = "USER_ID")]
    pub by: String,
    /// Why by hand, as on the page.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `backup --daily DAY | --monthly MONTH | --system --by USER_ID --reason TEXT`: writes and verifies a generation, and records
/// who did so and why.
///
/// # Errors
/// If the person may not, the day is not over, the month is not this one, or the store refuses.
pub async fn run_backup(data: &Path, run: Run, given: &ByHandArgs) -> Result<()> {
    let opened = Opened::folder(data).await?;
    let done = back_up(&opened.app, run, given).await;
    opened.close().await;
    report(&done?);
    Ok(())
}

async fn back_up(app: &App, run: Run, given: &ByHandArgs) -> Result<Generation> {
    let by_hand = ByHand::backup(app, &given.by, &given.reason).await?;
    if let Run::Daily(day) = run {
        by_hand::not_erased(app, day).await?.map_err(|field| anyhow::anyhow!("{}", field.message))?;
    }
    let generation = match run {
        Run::Daily(day) if !backup::is_over(day, app.clock.now()) => {
            bail!("{day} is not over yet: its generation would be incomplete and locked for five years")
        }
        Run::Daily(day) => backup::run(app, day).await?,
        Run::Monthly(month) => monthly::run(app, month).await?,
        Run::System => system::run(app).await?,
    };
    let generation = verify::run(app, generation).await?;
    by_hand.catalogue(app, &generation).await?;
    Ok(generation)
}

/// `verify`: reads every generation back.
///
/// # Errors
/// If one is damaged, or the archive cannot be read.
pub async fn run_verify(data: &Path) -> Result<()> {
    let opened = Opened::folder(data).await?;
    for kind in BackupKind::ALL {
        for found in left::catalogue(&opened.app, *kind, "").await? {
            say(&format!("{} was in the archive and not in the catalogue", found.manifest_key));
        }
    }
    let mut damaged = 0;
    let mut count = 0;
    for kind in BackupKind::ALL {
        let mut before = None;
        loop {
            let (page, next) = opened.app.store.generations(*kind, before).await?;
            for generation in page {
                let generation = verify::run(&opened.app, generation).await?;
                by_hand::note_verification(&opened.app, &generation).await?;
                report(&generation);
                count += 1;
                damaged += usize::from(generation.verification.state == VerificationState::Damaged);
            }
            before = next;
            if before.is_none() {
                break;
            }
        }
    }
    opened.close().await;
    say(&format!("{count} generations verified, {damaged} damaged"));
    if damaged > 0 { bail!("{damaged} of {count} generations are damaged") } else { Ok(()) }
}

/// `verify --audit`: compares the audit log with its seals in the locked bucket.
///
/// # Errors
/// If an entry is not as it was sealed, or the bucket cannot be read.
pub async fn run_verify_audit(data: &Path) -> Result<()> {
    let opened = Opened::folder(data).await?;
    let (verifier, bad) = seal::verify(&opened.app).await?;
    opened.close().await;
    say(&format!("{} entries are as they were sealed", verifier.checked()));
    if let (Some(until), Some(head)) = (verifier.until(), verifier.head()) {
        say(&format!("sealed until {until}, head {head}"));
    }
    match bad {
        None => Ok(()),
        Some(bad) => {
            let id = bad.id.map_or_else(String::new, |id| format!(" ({id})"));
            bail!("entry {}{id}: {}", bad.index, bad.fault.in_words())
        }
    }
}

/// `drill`: reads every generation back, restores in isolation, and writes the proof.
///
/// # Errors
/// If a generation is damaged, or what came back is not what is in use.
pub async fn run_drill(data: &Path) -> Result<()> {
    let opened = Opened::folder(data).await?;
    let ran = drill::run(&opened.app, true, true, None).await;
    opened.close().await;
    let Some(ran) = ran? else { bail!("no generation to restore, or another drill is under way") };
    say(&format!("{} generations read back, {} damaged", ran.read, ran.damaged.len()));
    let Some(proof) = ran.proof else { bail!("nothing was restored") };
    say(&proof.in_words());
    if proof.is_good() && ran.damaged.is_empty() { Ok(()) } else { bail!("the restore is not proven") }
}

/// `erase --due`: opens a case for each day whose five years are over, goes on with what was begun, and says what each case
/// waits for. It begins no erasure: a manager permits, an administrator erases, both in their own names.
///
/// # Errors
/// If the store cannot be reached.
pub async fn run_erase(data: &Path) -> Result<()> {
    let opened = Opened::folder(data).await?;
    let due = disposal::run_due(&opened.app).await;
    opened.close().await;
    let due =
        due.map_err(|error| anyhow::anyhow!("what falls due cannot be looked for: {}", error.code.wire()))?;
    for case in &due {
        let target = case.form.get("target").map_or("", String::as_str);
        say(&format!("{}  {target}  {}", case.number, case.state.label()));
    }
    say(&format!("{} cases stand for what is due", due.len()));
    Ok(())
}

fn report(generation: &Generation) {
    let state = generation.verification.state.label();
    say(&format!(
        "{} {}  {} entries, {} notes, {} files, {} bytes, kept through {}  {state}  {}",
        generation.kind.wire(),
        generation.day,
        generation.counts.entries,
        generation.counts.notes,
        generation.counts.attachments,
        generation.bytes,
        generation.last_kept_day,
        generation.manifest_key
    ));
    for finding in &generation.verification.findings {
        say(&format!("    {finding}"));
    }
}
