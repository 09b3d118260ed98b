//! The outbox: carries out what follows steps, again and again until it is done (design §6; figure 3 for mails).

use crate::{
    app::App,
    http::{context::Cx, error::ApiError},
    portal, random,
    store::{blob::sha256_hex, errand::MailDoc, error::StoreError, tx::Tx},
};
use shared::{
    api::{Empty, error::Code, procedure::Outbox},
    calendar::Timestamp,
    id::{AccountId, CaseId, EventId},
    people::{Actor, FacilityKind},
    procedure::{
        Case, Errand, Party, Task, declaration,
        notice_mail::{self, Sender},
    },
};
use std::{fmt::Write, sync::Arc};

/// How long one has an errand in hand: longer than a function may run.
const CLAIM_SECONDS: i64 = 5 * 60;
/// How long a code works.
pub(crate) const CODE_SECONDS: i64 = 30 * 60;

/// Why an errand was tried in vain, in words without names and addresses.
struct Vain(String);

impl From<StoreError> for Vain {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// Carries out every errand whose time has come; how many were done. Safe to repeat, takes no input.
///
/// # Errors
/// If the store cannot be reached; an errand that fails waits for its next try.
pub async fn run_due(app: &App) -> Result<usize, StoreError> {
    let now = app.clock.now();
    let mut done = 0;
    for errand in app.store.errands_due(now).await? {
        done += usize::from(attempt(app, errand, now).await?.done_at.is_some());
    }
    Ok(done)
}

/// Tries an errand once, unless somebody else is at it.
async fn attempt(app: &App, errand: Errand, now: Timestamp) -> Result<Errand, StoreError> {
    if !app.store.claim_errand(errand.id, now, now.plus_seconds(CLAIM_SECONDS)).await? {
        return Ok(errand);
    }
    // As it is now: whoever had it before may have told some of the readers.
    let mut errand = app.store.errand(errand.id).await?.unwrap_or(errand);
    let result = carry_out(app, &mut errand, now).await;
    let errand = match result {
        Ok(()) => errand.done(now),
        Err(Vain(why)) => {
            tracing::warn!(errand = %errand.id, kind = errand.task.kind().wire(), "an errand failed; it is tried again");
            errand.failed(&why, now)
        }
    };
    app.store.put_errand(&errand).await?;
    Ok(errand)
}

async fn carry_out(app: &App, errand: &mut Errand, now: Timestamp) -> Result<(), Vain> {
    match errand.task.clone() {
        Task::StepMail { case, version, .. } => tell(app, errand, case, version, now).await,
        Task::AddressCode { account } => send_code(app, errand.id, account, now).await,
        Task::PortalFiles { .. } => Ok(portal::publish::run_due(app).await.map(|_| ())?),
        Task::NameCopies { account, .. } => {
            if let Some(row) = app.store.account(account).await? {
                app.store.refresh_memberships(&row.account).await?;
            }
            Ok(())
        }
        Task::FacilityCopies { facility, .. } => {
            if let Some(facility) = app.store.facility(facility).await? {
                app.store.refresh_people_of(&facility).await?;
            }
            Ok(())
        }
    }
}

/// Mails to whoever is concerned by a case's last step. A case that moved on meanwhile has an errand of its own.
async fn tell(
    app: &App,
    errand: &mut Errand,
    case: CaseId,
    version: u32,
    now: Timestamp,
) -> Result<(), Vain> {
    let Some(post) = app.post.get() else { return Ok(()) };
    let Some(case) = app.store.case(case).await?.filter(|case| case.version == version) else {
        return Ok(());
    };
    let concerned = concerned(app, &case, now).await?;
    let readers = concerned.iter().filter(|reader| !errand.told.contains(&reader.account));
    let why: Vec<_> =
        readers.filter_map(|reader| Some((reader.account, notice_mail::reason(&case, reader)?))).collect();
    let accounts: Vec<AccountId> = why.iter().map(|(account, _)| *account).collect();
    let mut trouble = None;
    for (account, address) in app.store.mails(&accounts).await? {
        let Some((_, reason)) = why.iter().find(|(one, _)| *one == account) else { continue };
        let mail = notice_mail::step_mail(&case, *reason, sender(app));
        match post.send(&address, &format!("{}-{account}", errand.id), &mail).await {
            Ok(()) => errand.told.push(account),
            // The others are told all the same.
            Err(why) => trouble = Some(why),
        }
    }
    trouble.map_or(Ok(()), |why| Err(Vain(why)))
}

/// Everybody who may have to be told of a case: whoever asked, and the people of the party that is next.
async fn concerned(app: &App, case: &Case, now: Timestamp) -> Result<Vec<Actor>, StoreError> {
    let store = &app.store;
    let mut rows = store.accounts_by_id(&[case.asked_by]).await?;
    match declaration(case.procedure).waits_for(case.state).map(|step| step.by) {
        None | Some(Party::Asker) => {}
        Some(Party::Facility) => rows.extend(store.accounts(Some(case.facility)).await?),
        Some(_) => {
            // Whoever acts for the city, the contractor, the council or as auditor is registered with one of the two.
            let offices = [FacilityKind::CityOffice, FacilityKind::Contractor];
            for office in store.facilities().await?.iter().filter(|facility| offices.contains(&facility.kind))
            {
                rows.extend(store.accounts(Some(office.id)).await?);
            }
        }
    }
    let mut actors: Vec<Actor> = Vec::with_capacity(rows.len());
    for row in rows.into_iter().filter(|row| row.account.state.may_sign_in()) {
        if actors.iter().all(|known| known.account != row.account.id) {
            actors.push(row.account.actor_on(now.day()));
        }
    }
    Ok(actors)
}

/// Sends a new code to an address that is not confirmed yet.
async fn send_code(app: &App, errand: EventId, account: AccountId, now: Timestamp) -> Result<(), Vain> {
    let Some(post) = app.post.get() else { return Ok(()) };
    let Some(seen) = app.store.mail(account).await?.filter(|doc| !doc.confirmed) else { return Ok(()) };
    let code = six_digits();
    let doc = MailDoc {
        code: Some(sha256_hex(code.as_bytes())),
        code_ends: Some(now.plus_seconds(CODE_SECONDS)),
        ..seen.clone()
    };
    if !app.store.put_mail_code(account, &seen, &doc).await? {
        return Err(Vain("宛先が変わりました".into()));
    }
    let mail = notice_mail::code_mail(&code, sender(app));
    post.send(&doc.address, &format!("{errand}-{account}"), &mail).await.map_err(Vain)
}

fn six_digits() -> String {
    let mut code = String::with_capacity(6);
    while code.len() < 6 {
        let [byte] = random::bytes::<1>();
        // Ten digits divide 250 evenly: each is as likely as the others.
        if byte < 250 {
            let _ = write!(code, "{}", byte % 10);
        }
    }
    code
}

fn sender(app: &App) -> Sender<'_> {
    let settings = &app.settings;
    Sender {
        network: &settings.network,
        address: settings.origins.first().map_or("", String::as_str),
        phone: &settings.help_desk.phone,
    }
}

/// What is still to be done, and what was done.
///
/// # Errors
/// If the store cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), _: Empty) -> Result<Outbox, ApiError> {
    let store = &cx.app.store;
    let (mut open, done) = futures::try_join!(store.errands(false), store.errands(true))?;
    open.sort_by_key(|errand| (std::cmp::Reverse(errand.tries), errand.next_at));
    Ok(Outbox { open, done, mails: cx.app.settings.mail_from.is_some() })
}

/// Lets an errand be tried again at once; one that is done stays so.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Stale`] while it is being tried.
pub async fn again(cx: Arc<Cx>, id: EventId, _: Empty) -> Result<Errand, ApiError> {
    let errand = cx.app.store.errand(id).await?.ok_or(Code::NotFound)?;
    let mut tx = Tx::default();
    if errand.done_at.is_none() {
        cx.app.store.hasten_errand(&mut tx, &errand, cx.now)?;
    }
    cx.commit(tx).await?;
    // Mails are the job's: this function may have no way to send any.
    if matches!(errand.task, Task::StepMail { .. } | Task::AddressCode { .. }) && cx.app.post.get().is_none()
    {
        return Ok(Errand { next_at: cx.now, ..errand });
    }
    Ok(attempt(&cx.app, Errand { next_at: cx.now, ..errand }, cx.now).await?)
}
