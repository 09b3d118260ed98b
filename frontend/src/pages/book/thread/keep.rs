//! Keeping the desk's draft on the device: with every change, and whenever the page is hidden or left.

use super::desk::{Desk, Phase};
use crate::{browser, draft::Draft, upload::Upload};
use leptos::prelude::*;
use std::time::Duration;

const SAVE_AFTER: Duration = Duration::from_millis(300);

impl Desk {
    /// Saves with every change, a moment later; at once when the page is hidden or left.
    pub(super) fn keep_draft(self) {
        Effect::new(move |before: Option<()>| {
            let draft = self.draft();
            if before.is_some() && self.kept.with_value(|kept| *kept != draft) {
                self.clear_timer();
                let timer = set_timeout_with_handle(move || self.save(), SAVE_AFTER);
                self.timer.set_value(timer.ok());
            }
        });
        let leaving = window_event_listener_untyped("pagehide", move |_| self.save());
        let hiding = window_event_listener_untyped("visibilitychange", move |_| {
            if !browser::visible() {
                self.save();
            }
        });
        on_cleanup(move || {
            leaving.remove();
            hiding.remove();
            self.clear_timer();
            self.save();
            self.files.with_untracked(|files| files.iter().for_each(Upload::cancel));
        });
    }

    fn clear_timer(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    /// Everything under way, as a draft; follows every field.
    pub(super) fn draft(self) -> Draft {
        let unfinished = self.files.with(|files| {
            files
                .iter()
                .filter(|f| f.under_way() || f.may_retry())
                .map(|f| f.name.clone())
                .collect::<Vec<_>>()
        });
        Draft {
            patient_name: self.kept.with_value(|kept| kept.patient_name.clone()),
            kind: self.kind.get(),
            importance: self.importance.get(),
            addressees: self.addressees.get(),
            reply_to: self.reply_to.get(),
            text: self.text.get(),
            command: self.command.get_value(),
            files: self.files.with(|files| files.iter().filter_map(Upload::ready).collect()),
            unfinished: [self.unfinished.get(), unfinished].concat(),
            pending: self.left_over.get() || self.phase.with(|phase| *phase != Phase::Writing),
            refused: self.refused.get(),
            change: self.change.get(),
        }
    }

    /// Keeps the draft now, if it is another than the one that is kept.
    pub fn save(self) {
        let draft = untrack(|| self.draft());
        // Another window may hold a newer draft of the same person: what did not change here is not written.
        if self.kept.with_value(|kept| *kept == draft) {
            return;
        }
        self.place.with_value(|place| {
            if let Some(place) = place {
                self.unkept.set(!place.save(&draft));
            }
        });
        self.kept.set_value(draft);
    }

    /// The note as it is now lies on the device already, or is another window's to write.
    pub(super) fn is_kept(self) {
        let draft = untrack(|| self.draft());
        self.kept.update_value(|kept| *kept = Draft { change: kept.change.take(), ..draft });
    }
}
