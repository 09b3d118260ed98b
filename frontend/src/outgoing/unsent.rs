//! A note that has not gone out, and what a look at the device says of it.

use crate::draft::Draft;
use shared::{
    calendar::Timestamp,
    id::{CommandId, PatientId},
};

/// Why a note waits that was found on the device.
const UNANSWERED: &str = "前回の送信の返事がまだです。";

/// A note that was to be sent and has not gone out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Into whose book.
    pub patient: PatientId,
    /// What is in it.
    pub draft: Draft,
    /// How it stands.
    pub stand: Stand,
    /// Whether it lies on the device, too; otherwise it is here alone.
    pub kept: bool,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Awaiting the answer.
    Sending,
    /// 送信待ち: no answer came; tried again by itself. With the reason.
    Waiting(&'static str),
    /// Not sent by itself: refused, cut off or too old. The person decides.
    Left,
}

/// What the lists say of a patient; of several notes the graver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It goes out by itself.
    Waiting,
    /// Nobody gets it unless the person does something.
    Left,
}

impl Mark {
    /// The words beside the patient's name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "送信待ち",
            Self::Left => "未送信の連絡",
        }
    }

    /// The words on every page.
    pub fn sentence(self, notes: usize) -> String {
        match self {
            Self::Waiting => format!("送信待ちの連絡が{notes}件あります。自動で送ります。"),
            Self::Left => "送信できなかった連絡があります。開いて確かめてください。".into(),
        }
    }
}

impl Unsent {
    /// Whether it has this number.
    pub fn is(&self, command: Option<CommandId>) -> bool {
        self.draft.command == command
    }

    /// What the lists say of it.
    pub const fn mark(&self) -> Mark {
        match self.stand {
            Stand::Sending | Stand::Waiting(_) => Mark::Waiting,
            Stand::Left => Mark::Left,
        }
    }

    /// What a draft on the device holds that was to be sent.
    fn found(patient: PatientId, draft: &Draft, now: Timestamp) -> Option<Self> {
        let meant = draft.pending || draft.refused.is_some();
        let stand = if draft.is_still_meant(now) { Stand::Waiting(UNANSWERED) } else { Stand::Left };
        meant.then(|| Self { patient, draft: draft.clone(), stand, kept: true })
    }

    /// Whether a look at the device leaves it as it is.
    fn stays(&self, device: &[(PatientId, Draft)]) -> bool {
        let there = device.iter().find(|(patient, _)| *patient == self.patient).map(|(_, draft)| draft);
        !self.kept
            || match self.stand {
                Stand::Sending => true,
                Stand::Waiting(_) => there.is_some_and(|draft| {
                    // Another window took this note back, or sent it; but where it only wrote another note over it, this
                    // one is here alone.
                    if self.is(draft.command) { draft.pending } else { draft.holds_note() }
                }),
                Stand::Left => false,
            }
    }
}

/// What has not gone out, after a look at the device: other windows of the same person write there, and send from there.
pub fn after_look(known: &[Unsent], device: &[(PatientId, Draft)], now: Timestamp) -> Vec<Unsent> {
    let mut all: Vec<_> = known.iter().filter(|note| note.stays(device)).cloned().collect();
    for found in device.iter().filter_map(|(patient, draft)| Unsent::found(*patient, draft, now)) {
        let same = |note: &Unsent| note.patient == found.patient && note.is(found.draft.command);
        if !all.iter().any(same) {
            all.push(found);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_000_000);

    fn patient(n: u128) -> PatientId {
        PatientId::from_parts(1, n)
    }

    fn pressed(number: u128) -> Draft {
        let command = Some(CommandId::from_parts(999_000, number));
        Draft { text: format!("{number}番の連絡"), command, pending: true, ..Draft::default() }
    }

    fn waiting(number: u128) -> Unsent {
        let stand = Stand::Waiting("サーバーにつながりません。");
        Unsent { patient: patient(1), draft: pressed(number), stand, kept: true }
    }

    fn stands(all: &[Unsent]) -> Vec<Stand> {
        all.iter().map(|note| note.stand).collect()
    }

    #[test]
    fn after_a_reload_what_was_pressed_waits_and_what_was_only_typed_does_not() {
        let typed = Draft { pending: false, ..pressed(2) };
        let all = after_look(&[], &[(patient(1), pressed(1)), (patient(2), typed)], NOW);
        assert_eq!(stands(&all), [Stand::Waiting(UNANSWERED)]);
        assert_eq!((all[0].patient, all[0].mark()), (patient(1), Mark::Waiting));
    }

    #[test]
    fn what_is_too_old_cut_off_or_refused_is_left_to_the_person() {
        let cut_off = Draft { unfinished: vec!["褥瘡.jpg".into()], ..pressed(2) };
        let refused = pressed(3).refused_for("直してください。".into(), pressed(3).command);
        let found = after_look(&[], &[(patient(2), cut_off), (patient(3), refused)], NOW);
        assert_eq!(stands(&found), [Stand::Left, Stand::Left]);
        let late = after_look(&[], &[(patient(1), pressed(1))], NOW.plus_seconds(600));
        assert_eq!(stands(&late), [Stand::Left]);
    }

    #[test]
    fn what_this_window_sends_waits_as_long_as_the_window_is_open() {
        let known = [waiting(1)];
        assert_eq!(after_look(&known, &[(patient(1), pressed(1))], NOW.plus_seconds(7200)), known);
    }

    #[test]
    fn what_another_window_sent_or_took_back_does_not_go_out_from_here() {
        let known = [waiting(1)];
        assert_eq!(after_look(&known, &[], NOW), []);
        assert_eq!(after_look(&known, &[(patient(1), pressed(1).without_note())], NOW), []);
        let taken_back = Draft { pending: false, text: "書き直し".into(), ..pressed(1) };
        assert_eq!(after_look(&known, &[(patient(1), taken_back)], NOW), []);
        let refused = pressed(1).refused_for("直してください。".into(), pressed(1).command);
        assert_eq!(stands(&after_look(&known, &[(patient(1), refused)], NOW)), [Stand::Left]);
    }

    #[test]
    fn a_note_over_which_another_was_written_is_not_lost() {
        let known = [waiting(1)];
        let typed = Draft { text: "別の連絡".into(), ..Draft::default() };
        assert_eq!(after_look(&known, &[(patient(1), typed)], NOW), known);
        let both = after_look(&known, &[(patient(1), pressed(2))], NOW);
        assert_eq!(
            both.iter().map(|note| note.draft.command).collect::<Vec<_>>(),
            [pressed(1).command, pressed(2).command]
        );
    }

    #[test]
    fn what_is_under_way_or_here_alone_stays() {
        let sending = Unsent { stand: Stand::Sending, ..waiting(1) };
        let alone = Unsent { kept: false, ..waiting(2) };
        let known = [sending, alone];
        assert_eq!(after_look(&known, &[], NOW), known);
    }

    #[test]
    fn of_several_notes_the_graver_is_said() {
        assert_eq!([Mark::Left, Mark::Waiting].into_iter().max(), Some(Mark::Left));
        assert!(Mark::Waiting.sentence(2).starts_with("送信待ちの連絡が2件あります。"));
        assert!(Mark::Left.sentence(1).starts_with("送信できなかった連絡があります。"));
    }
}
