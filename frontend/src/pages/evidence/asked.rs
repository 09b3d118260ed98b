//! What somebody asked for by hand: that it was accepted, how far it is, how it ended.

use crate::{
    components::{DayText, Notice, NoticeKind, TimeText},
    load::{Load, load, refresh},
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        evidence::{AskedRuns, ListRuns},
    },
    evidence::{AskedRun, BackupKind, RunEnd, Verification, WantedRun},
    id::{GenerationId, RequestId},
};
use std::time::Duration;

/// How often it looks again.
const EVERY: Duration = Duration::from_secs(300);

/// The same while something is open.
const SOON: Duration = Duration::from_secs(3);

/// The runs by hand, for the page and for each of its rows. Copy it freely.
#[derive(Clone, Copy)]
pub struct Runs {
    load: Load<AskedRuns>,
    ended: Memo<Vec<RequestId>>,
}

impl Runs {
    /// Loads them, and looks again while somebody waits.
    pub fn load() -> Self {
        let load = load::<ListRuns>(|| ((), Empty {}));
        refresh(EVERY, move || load.again());
        refresh(SOON, move || {
            if load.shown.with_untracked(|shown| shown.as_ref().is_some_and(is_waited_for)) {
                load.again();
            }
        });
        let ended = Memo::new(move |_| {
            load.shown.with(|shown| {
                let runs = shown.iter().flat_map(|shown| &shown.runs);
                runs.filter(|run| run.ended.is_some()).map(|run| run.id).collect()
            })
        });
        Self { load, ended }
    }

    /// Looks again: somebody asked for something.
    pub fn again(self) {
        self.load.again();
    }

    /// For what loads generations: it loads again whenever a run has ended.
    pub fn follow_ends(self) {
        // Read, not only tracked: a memo that nobody has read follows nothing itself.
        self.ended.with(|_| ());
    }

    /// Whether a generation is waiting to be read back.
    pub fn verifying(self, id: GenerationId) -> Memo<bool> {
        Memo::new(move |_| {
            self.load.shown.with(|shown| {
                let mut runs = shown.iter().flat_map(|shown| &shown.runs);
                runs.any(|run| run.ended.is_none() && is_verification_of(run, id))
            })
        })
    }

    /// What was found in a generation by the newest run that read it back.
    pub fn found(self, id: GenerationId) -> Option<Verification> {
        self.load.shown.with(|shown| {
            let ended = shown.iter().flat_map(|shown| &shown.runs).filter_map(|run| run.ended.as_ref());
            let mut found = ended.filter(|ended| ended.generation == Some(id));
            found.find_map(|ended| ended.verification.clone())
        })
    }

    fn told(self) -> Vec<AskedRun> {
        self.load.shown.with(|shown| {
            let runs = shown.iter().flat_map(|shown| &shown.runs);
            runs.filter(|run| is_told(run)).cloned().collect()
        })
    }
}

fn is_waited_for(shown: &AskedRuns) -> bool {
    shown.runs.iter().any(|run| run.ended.is_none())
}

fn is_verification_of(run: &AskedRun, id: GenerationId) -> bool {
    matches!(run.wanted, WantedRun::Verification { generation, .. } if generation == id)
}

/// A verification is told of in its own row, unless it failed.
fn is_told(run: &AskedRun) -> bool {
    let failed = run.ended.as_ref().is_some_and(|ended| ended.failed.is_some());
    failed || matches!(run.wanted, WantedRun::Backup { .. })
}

/// The runs on top of the list, each in a notice.
#[component]
pub fn AskedNotices(
    /// Which.
    runs: Runs,
) -> impl IntoView {
    view! {
        <For
            each=move || runs.told()
            // A notice is read aloud anew when there is something new to say.
            key=|run| (run.id, run.tries, run.ended.is_some())
            let:run
        >
            <AskedNotice run=run />
        </For>
    }
}

#[component]
fn AskedNotice(run: AskedRun) -> impl IntoView {
    let (kind, words) = match &run.ended {
        None => (NoticeKind::Info, accepted(&run).into_any()),
        Some(RunEnd { failed: None, .. }) => (NoticeKind::Done, done(&run.wanted).into_any()),
        Some(RunEnd { failed: Some(why), .. }) => (NoticeKind::Error, failed(&run.wanted, why).into_any()),
    };
    view! {
        <Notice kind=kind>
            {words}
            <p class="hint">"受付 " <TimeText at=run.asked_at /> "　" {run.by_name}</p>
        </Notice>
    }
}

fn accepted(run: &AskedRun) -> impl IntoView + use<> {
    view! {
        <p>"手動バックアップを受け付けました（" <DayText day=run.wanted.day() /> "分）。数分で一覧に加わります。"</p>
        <p>{format!("状態：{}", run.state())}</p>
    }
}

fn done(wanted: &WantedRun) -> impl IntoView + use<> {
    view! { <p><DayText day=wanted.day() /> "に送られた分のバックアップを作成し、ロックしました。"</p> }
}

fn failed(wanted: &WantedRun, why: &str) -> impl IntoView + use<> {
    let (begin, end) = match wanted {
        WantedRun::Backup { .. } => ("手動バックアップはできませんでした（", "分）。".to_owned()),
        WantedRun::Verification { kind: BackupKind::Daily, .. } => {
            ("検証を終えられませんでした（", "に送られた分の世代）。".to_owned())
        }
        WantedRun::Verification { kind, .. } => {
            ("検証を終えられませんでした（", format!("に作成した{}の世代）。", kind.label()))
        }
    };
    view! { <p>{begin} <DayText day=wanted.day() /> {end} {why.to_owned()}</p> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        calendar::Timestamp,
        evidence::Who,
        id::{AccountId, FacilityId},
    };

    fn run(wanted: WantedRun, ended: Option<RunEnd>) -> AskedRun {
        let by = Who {
            account: AccountId::from_parts(1, 1),
            facility: FacilityId::from_parts(1, 1),
            roles: Vec::new(),
        };
        let (id, by_name, asked_at) =
            (RequestId::from_parts(1, 1), "管理 花子".to_owned(), Timestamp::from_ms(1));
        AskedRun { id, wanted, by, by_name, asked_at, tries: 1, begun_at: None, ended }
    }

    fn ended(failed: Option<&str>) -> Option<RunEnd> {
        let failed = failed.map(str::to_owned);
        Some(RunEnd { at: Timestamp::from_ms(2), generation: None, verification: None, failed })
    }

    #[test]
    fn backups_are_told_of_and_verifications_that_failed() {
        let day = "2026-11-20".parse().unwrap();
        let generation = GenerationId::from_parts(1, 2);
        let backup = || WantedRun::Backup { day, reason: "訓練".into() };
        let verification = || WantedRun::Verification { generation, kind: BackupKind::Daily, day };
        for (run, told) in [
            (run(backup(), None), true),
            (run(backup(), ended(None)), true),
            (run(backup(), ended(Some("混雑"))), true),
            (run(verification(), None), false),
            (run(verification(), ended(None)), false),
            (run(verification(), ended(Some("混雑"))), true),
        ] {
            assert_eq!(is_told(&run), told, "{run:?}");
        }
    }

    #[test]
    fn it_is_waited_for_until_all_have_ended() {
        let day = "2026-11-20".parse().unwrap();
        let of = |ended| run(WantedRun::Backup { day, reason: "訓練".into() }, ended);
        assert!(is_waited_for(&AskedRuns { runs: vec![of(ended(None)), of(None)] }));
        assert!(!is_waited_for(&AskedRuns { runs: vec![of(ended(None)), of(ended(Some("混雑")))] }));
    }
}
