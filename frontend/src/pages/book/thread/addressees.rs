//! 宛先: who of the care team is meant in particular. Nobody chosen means everybody.

use super::{composer::FieldError, desk::Desk, fresh};
use crate::whenever::whenever;
use leptos::{html, prelude::*};
use shared::{book::TeamMember, id::AccountId};

/// People by name; whoever has left the team has none here any more.
pub fn names(team: &[TeamMember], accounts: &[AccountId]) -> String {
    let name = |account: &AccountId| {
        let member = team.iter().find(|member| member.account == *account);
        member.map_or_else(|| "以前の担当者".to_owned(), |member| format!("{}さん", member.name))
    };
    accounts.iter().map(name).collect::<Vec<_>>().join("、")
}

fn summary(team: &[TeamMember], chosen: &[AccountId]) -> String {
    let whom = if chosen.is_empty() { "支援チーム全員".to_owned() } else { names(team, chosen) };
    format!("宛先: {whom}")
}

/// The chosen who are in the team, if some are not.
fn remaining(team: &[TeamMember], chosen: &[AccountId]) -> Option<Vec<AccountId>> {
    let in_team = |account: &AccountId| team.iter().any(|member| member.account == *account);
    let here: Vec<_> = chosen.iter().copied().filter(in_team).collect();
    (here.len() < chosen.len()).then_some(here)
}

/// Takes off whoever has left the team, for the list shows nobody else to be taken off. To be called once, in the
/// page's body.
pub fn keep_to_team(desk: Desk) {
    whenever(move || {
        // A note whose answer is still out stays as it is: the server may have it already under its number.
        let unanswered = desk.left_over.get();
        if !desk.open() || unanswered {
            return;
        }
        let here =
            desk.book.team.with(|team| desk.addressees.with_untracked(|chosen| remaining(team, chosen)));
        if let Some(here) = here {
            desk.addressees.set(here);
            desk.mend("addressees");
            desk.taken_off.set(true);
        }
    });
    let refused = Memo::new(move |_| desk.error("addressees").is_some());
    whenever(move || {
        if refused.get() {
            // The server knows a newer team than this page.
            desk.book.spawn(async move {
                fresh::newest(desk.book).await;
            });
        }
    });
}

/// The list to choose from.
#[component]
pub fn Addressees(desk: Desk) -> impl IntoView {
    let me = desk.book.my_account();
    let node = NodeRef::<html::Details>::new();
    whenever(move || {
        desk.sent.track();
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    });
    let others = move || {
        desk.book.team.with(|team| team.iter().filter(|m| m.account != me).cloned().collect::<Vec<_>>())
    };
    let line = move || desk.book.team.with(|team| desk.addressees.with(|chosen| summary(team, chosen)));
    let row = move |member: TeamMember| {
        let account = member.account;
        let toggle = move |event| {
            let on = event_target_checked(&event);
            desk.mend("addressees");
            desk.taken_off.set(false);
            desk.addressees.update(|chosen| {
                chosen.retain(|one| *one != account);
                if on {
                    chosen.push(account);
                }
            });
        };
        view! {
            <label class="addressee">
                <input
                    type="checkbox"
                    prop:checked=move || desk.addressees.with(|chosen| chosen.contains(&account))
                    on:change=toggle
                />
                <span>{member.name} " " <small>{member.profession.label()} "・" {member.facility_name}</small></span>
            </label>
        }
    };
    view! {
        <details class="addressees" node_ref=node>
            <summary>{line}</summary>
            <fieldset disabled=move || !desk.open()>
                <legend class="hint">"とくに読んでほしい人を選びます。選ばなくても全員が読めます。"</legend>
                <For each=others key=|member| member.account children=row />
            </fieldset>
        </details>
        <FieldError desk=desk field="addressees" />
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{book::NoteNumber, people::Profession};

    fn account(id: u128) -> AccountId {
        AccountId::from_parts(1, id)
    }

    fn team() -> Vec<TeamMember> {
        let member = |(id, name): (u128, &str)| TeamMember {
            account: account(id),
            name: name.into(),
            profession: Profession::Nurse,
            facility_name: String::new(),
            read_to: NoteNumber(0),
            read_at: None,
            history: NoteNumber(0),
        };
        [(1, "佐藤"), (2, "高橋")].map(member).into()
    }

    #[test]
    fn whoever_has_left_the_team_is_taken_off() {
        assert_eq!(remaining(&team(), &[account(2), account(9)]), Some(vec![account(2)]));
        assert_eq!(remaining(&team(), &[account(9)]), Some(Vec::new()));
        assert_eq!(remaining(&team(), &[account(2), account(1)]), None);
        assert_eq!(remaining(&team(), &[]), None);
    }

    #[test]
    fn the_summary_says_all_that_is_sent() {
        assert_eq!(summary(&team(), &[]), "宛先: 支援チーム全員");
        assert_eq!(summary(&team(), &[account(2), account(1)]), "宛先: 高橋さん、佐藤さん");
        assert_eq!(summary(&team(), &[account(9)]), "宛先: 以前の担当者");
        assert_eq!(summary(&team(), &[account(1), account(9)]), "宛先: 佐藤さん、以前の担当者");
    }
}
