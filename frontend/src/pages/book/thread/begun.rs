//! One correction 訂正 or retraction 取消 at a time: how it is begun, and where it stands until it is sent or
//! dropped, perhaps after a reload.

use super::{
    desk::{Desk, Panel},
    fresh,
    open::OpenBook,
    order,
};
use crate::{
    browser, clock,
    components::{Button, ButtonKind, Notice, NoticeKind},
    draft::{ChangeDraft, ChangeKind},
};
use leptos::prelude::*;
use shared::{
    book::{Note, NoteNumber},
    calendar::Timestamp,
};

/// The id of where it stands.
const BEGUN_ID: &str = "change-begun";

/// What pressing 訂正 or 取消 leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// A form with nothing typed in it yet.
    Begin,
    /// The form as it was left.
    GoOn,
    /// Another change, of this note, comes first: what was typed for it would be lost, or fall on the wrong note.
    OtherFirst(NoteNumber),
}

fn next(begun: Option<&ChangeDraft>, kind: ChangeKind, number: NoteNumber) -> Next {
    match begun {
        None => Next::Begin,
        Some(begun) if (begun.kind, begun.number) == (kind, number) => Next::GoOn,
        Some(begun) => Next::OtherFirst(begun.number),
    }
}

const fn name(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Correction => "訂正",
        ChangeKind::Retraction => "取消",
    }
}

/// What is under way, of which note; a note that is not loaded has no words yet.
fn under_way(kind: ChangeKind, note: Option<&Note>, now: Timestamp) -> String {
    let which = note.map_or_else(
        || "前の連絡".to_owned(),
        |note| {
            let (who, at) = (&note.author.name, note.sent_at.in_words(now));
            format!("{who}さんが{at}に送った連絡「{}」", order::quote(&note.text))
        },
    );
    format!("{which}の{}が途中です。", name(kind))
}

impl Desk {
    /// Begins to correct or retract a note, or goes on with just that. Leads to another change that is under way.
    pub fn begin(self, kind: ChangeKind, note: &Note) {
        let next = self.change.with_untracked(|begun| next(begun.as_ref(), kind, note.number));
        self.other_first.set(matches!(next, Next::OtherFirst(_)));
        match next {
            Next::Begin => {
                let text = if kind == ChangeKind::Correction { note.text.clone() } else { String::new() };
                let (number, revision, command) = (note.number, note.revision, clock::new_command());
                self.change.set(Some(ChangeDraft { kind, number, revision, text, command }));
                self.panel.set(Some(Panel::Change));
            }
            Next::GoOn => self.panel.set(Some(Panel::Change)),
            Next::OtherFirst(number) => {
                if let Some(begun) = document().get_element_by_id(BEGUN_ID) {
                    browser::focus(&begun);
                }
                // Only of a note that is here it can be said which one it is.
                self.book.spawn(async move {
                    fresh::reach(self.book, number).await;
                });
            }
        }
    }
}

/// A correction or retraction that was begun and not sent.
#[component]
pub fn ChangeBegun(book: OpenBook, desk: Desk) -> impl IntoView {
    let begun = Memo::new(move |_| {
        let open = desk.panel.with(|panel| *panel == Some(Panel::Change));
        desk.change
            .with(|change| change.as_ref().filter(|_| !open).map(|change| (change.kind, change.number)))
    });
    let missing = RwSignal::new(false);
    let go_on = Callback::new(move |()| {
        let Some(wanted) = begun.get_untracked() else { return };
        book.spawn(async move {
            let here = fresh::reach(book, wanted.1).await;
            missing.set(!here);
            // Meanwhile it may have been dropped.
            if here && begun.get_untracked() == Some(wanted) {
                desk.other_first.set(false);
                desk.panel.set(Some(Panel::Change));
            }
        });
    });
    let drop_it = Callback::new(move |()| {
        missing.set(false);
        desk.other_first.set(false);
        desk.change.set(None);
    });
    let words = move |(kind, number)| {
        // Follows the list: the note may be loaded later.
        book.order.track();
        let now = clock::now_and_on();
        match book.note(number) {
            Some(note) => note.with(|note| under_way(kind, Some(note), now)),
            None => under_way(kind, None, now),
        }
    };
    move || {
        begun.get().map(|change| {
            let first = move || format!("先に、この{}を続けるか、捨ててください。", name(change.0));
            view! {
                <div id=BEGUN_ID tabindex="-1" role="group" aria-label="途中の訂正・取消">
                    <Notice kind=NoticeKind::Info>
                        <p>{move || words(change)}</p>
                        {move || desk.other_first.get().then(|| view! { <p><b>{first()}</b></p> })}
                        {move || missing.get().then(|| view! { <p>"元の連絡を読み込めませんでした。もう一度押してください。"</p> })}
                        <div class="actions">
                            <Button on_press=go_on>"続ける"</Button>
                            <Button kind=ButtonKind::Plain on_press=drop_it>"捨てる"</Button>
                        </div>
                    </Notice>
                </div>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        book::{Author, Importance, NoteKind},
        id::{AccountId, CommandId, FacilityId},
        people::Profession,
    };

    fn begun(kind: ChangeKind, number: u32) -> ChangeDraft {
        ChangeDraft {
            kind,
            number: NoteNumber(number),
            revision: 1,
            text: "別の患者さんの連絡帳に書いた".into(),
            command: CommandId::from_parts(1, 1),
        }
    }

    #[test]
    fn a_change_of_one_note_is_never_gone_on_with_on_another() {
        let twelfth = begun(ChangeKind::Retraction, 12);
        let pressed = |kind, number| next(Some(&twelfth), kind, NoteNumber(number));
        assert_eq!(pressed(ChangeKind::Retraction, 12), Next::GoOn);
        assert_eq!(pressed(ChangeKind::Retraction, 90), Next::OtherFirst(NoteNumber(12)));
        assert_eq!(pressed(ChangeKind::Correction, 90), Next::OtherFirst(NoteNumber(12)));
        assert_eq!(next(None, ChangeKind::Retraction, NoteNumber(90)), Next::Begin);
    }

    #[test]
    fn a_correction_is_never_gone_on_with_as_a_retraction() {
        let correction = begun(ChangeKind::Correction, 12);
        let pressed = |kind| next(Some(&correction), kind, NoteNumber(12));
        assert_eq!(pressed(ChangeKind::Retraction), Next::OtherFirst(NoteNumber(12)));
        assert_eq!(pressed(ChangeKind::Correction), Next::GoOn);
    }

    fn note(sent_at: Timestamp) -> Note {
        Note {
            number: NoteNumber(12),
            kind: NoteKind::Contact,
            importance: Importance::Normal,
            text: "体重\n52kg".into(),
            author: Author {
                account: AccountId::from_parts(1, 1),
                name: "佐藤 美咲".into(),
                profession: Profession::Nurse,
                facility: FacilityId::from_parts(1, 1),
                facility_name: String::new(),
            },
            sent_at,
            addressees: Vec::new(),
            reply_to: None,
            attachments: Vec::new(),
            revision: 1,
            revised_at: None,
            retraction: None,
            acknowledged: Vec::new(),
        }
    }

    #[test]
    fn it_says_what_is_under_way_and_of_which_note() {
        let now: Timestamp = "2026-11-20T10:05:00+09:00".parse().unwrap();
        assert_eq!(
            under_way(ChangeKind::Retraction, Some(&note(now)), now),
            "佐藤 美咲さんが今日 10:05に送った連絡「体重 52kg」の取消が途中です。"
        );
        assert_eq!(under_way(ChangeKind::Correction, None, now), "前の連絡の訂正が途中です。");
    }
}
