//! From the table to files: whatever was published is rendered and stored, sooner or later, whoever dies in between.
//!
//! Everything that is published turns a counter in its own transaction. This job compares the counter with what the files
//! show; it takes no input and is safe to repeat. The top page is written last, and what the files show is recorded only
//! after that, so that an interrupted run is done again.

use super::render::{self, File, SiteData};
use crate::{
    app::App,
    store::{
        error::StoreError,
        portal::{Shown, Written},
    },
};
use futures::{StreamExt, TryStreamExt, stream};
use shared::{
    evidence::schedule,
    portal::{PageRow, Version},
    procedure::Service,
};

/// Files on their way at the same time.
const AT_ONCE: usize = 4;
/// Rounds of one run: while others go on publishing, the next run goes on writing.
const ROUNDS: usize = 5;

/// Writes the files if they are older than what is published; how many were written.
///
/// # Errors
/// If a store cannot be reached; then the next run does it.
pub async fn run_due(app: &App) -> Result<usize, StoreError> {
    if !is_due(app, &app.store.portal_written().await?, app.store.portal_revision().await?) {
        return Ok(0);
    }
    // An older writer must not end after a younger one.
    if !app.store.claim_portal(app.clock.now()).await? {
        return Ok(0);
    }
    let result = write_while_due(app).await;
    app.store.release_portal().await?;
    result
}

async fn write_while_due(app: &App) -> Result<usize, StoreError> {
    let mut files = 0;
    for _ in 0..ROUNDS {
        let written = app.store.portal_written().await?;
        if !is_due(app, &written, app.store.portal_revision().await?) {
            break;
        }
        files += write(app, written).await?;
    }
    Ok(files)
}

/// Whether the files are old: something was published, a time on them has come, it is another day (facilities join and
/// leave without a publication), or the templates are new.
fn is_due(app: &App, written: &Written, revision: u64) -> bool {
    let now = app.clock.now();
    written.revision != revision
        || written.templates != render::templates()
        || written.day != Some(now.day())
        || written.again_at.is_some_and(|at| at <= now)
}

/// What the portal shows, put together for rendering.
///
/// # Errors
/// If the store cannot be reached.
pub async fn site_data(app: &App, shown: Shown) -> Result<SiteData, StoreError> {
    let newest = async |row: PageRow| -> Result<(PageRow, Version), StoreError> {
        let version = app.store.portal_version(row.name, row.number).await?;
        Ok((row, version.ok_or(StoreError::Shape("version of a page"))?))
    };
    let pages: Vec<_> =
        stream::iter(shown.pages.into_iter().map(newest)).buffered(AT_ONCE).try_collect().await?;
    let now = app.clock.now();
    let service = app.store.service().await?.unwrap_or_else(|| Service::open(now));
    let times = &service.times;
    let monthly = schedule::in_force(times, now.day()).map(|times| times.monthly);
    Ok(SiteData {
        network: app.settings.network.clone(),
        now,
        status: shown.status.at(&service, now),
        notices: shown.notices,
        pages,
        facilities: app.store.facilities().await?,
        help_desk: app.settings.help_desk.clone(),
        hours: app.settings.hours.clone(),
        daily_at: crate::evidence::backup::daily_at(app, times, now.day()),
        monthly_at: crate::evidence::monthly::at(app, times, now.day()),
        monthly_stop: monthly.map(|times| times.stop_minutes),
        times_to_come: schedule::to_come(times, now.day()).into_iter().copied().collect(),
        stops: service.stops_from(now),
        proven: shown.proven,
        is_preview: false,
    })
}

async fn write(app: &App, before: Written) -> Result<usize, StoreError> {
    let shown = app.store.portal().await?;
    let revision = shown.revision;
    let data = site_data(app, shown).await?;
    let anew = before.templates != render::templates();
    let mut written = Written {
        revision,
        templates: render::templates().to_owned(),
        day: Some(data.now.day()),
        at: Some(data.now),
        again_at: data
            .notices
            .iter()
            .filter_map(|notice| notice.next_change(data.now))
            .chain(data.stops.iter().flat_map(|stop| [stop.from, stop.to]).filter(|at| *at > data.now))
            .min(),
        versions: before.versions,
    };
    let mut files = Vec::new();
    for (row, _) in &data.pages {
        let kept = written.versions.get(&row.name).copied().filter(|_| !anew).unwrap_or(0);
        if kept < row.number {
            let all = app.store.portal_versions(row.name).await?;
            files.extend(render::versions(&data, &all, kept + 1));
            written.versions.insert(row.name, row.number);
        }
    }
    let mut site = render::site(&data);
    let top = site.pop();
    files.extend(site);
    let count = files.len() + usize::from(top.is_some());
    let put = async |file: File| app.store.blobs.put_portal(&file.path, file.content_type, file.body).await;
    stream::iter(files.into_iter().map(put)).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    if let Some(top) = top {
        put(top).await?;
    }
    app.store.put_portal_written(&written).await?;
    Ok(count)
}
