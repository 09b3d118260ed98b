//! The grant of an output of data (Art. 15, 様式第2): what was decided, and whether its notice was presented.

use super::{Act, Case, Channel, Form, Party, Procedure, State, Taken};
use crate::{
    calendar::{Day, Timestamp},
    evidence::deidentify::{AgeStep, Column, Dataset, Grain, Wanted},
    people::Actor,
};

/// A day that a form names.
pub(super) fn day(form: &Form, name: &str) -> Option<Day> {
    form.get(name).and_then(|text| text.parse().ok())
}

/// The columns that counts are asked by.
pub(super) fn by(form: &Form) -> Vec<Column> {
    form.get("by").map_or("", String::as_str).split(',').filter_map(Column::from_wire).collect()
}

/// Which output a request asks for.
pub fn wanted_of(form: &Form) -> Option<Wanted> {
    let rows = form.get("shape")? == "rows";
    Some(Wanted {
        dataset: Dataset::from_wire(form.get("dataset")?)?,
        by: if rows { Vec::new() } else { by(form) },
        age: AgeStep::from_wire(form.get("age")?)?,
        grain: Grain::from_wire(form.get("grain")?)?,
        from: day(form, "data_from")?,
        to: day(form, "data_to")?,
    })
}

/// What was done since the request was last written: an edit drops what was decided before it.
pub(super) fn since_edit(case: &Case) -> &[Taken] {
    let last = case.taken.iter().rposition(|taken| taken.act == Act::AskAgain);
    &case.taken[last.map_or(0, |at| at + 1)..]
}

/// The grant that is in force, with its place among what was done since.
pub(super) fn granted(case: &Case) -> Option<(usize, &Taken)> {
    since_edit(case).iter().enumerate().rev().find(|(_, taken)| taken.act == Act::Grant)
}

/// A grant whose notice was presented: what may be made, for whom, until when. There is no other way to have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataGrant {
    notice_number: String,
    wanted: Wanted,
    from: Day,
    last_day: Day,
}

impl DataGrant {
    /// Of a case in whose present course the city granted, and the notice of that very grant was presented.
    pub fn of(case: &Case) -> Option<Self> {
        if case.procedure != Procedure::DataUse
            || !matches!(case.state, State::Presented | State::Produced | State::Provided)
        {
            return None;
        }
        let (at, grant) = granted(case)?;
        let number = grant.form.get("notice_number")?;
        let shown = since_edit(case)[at..].iter().find(|taken| taken.act == Act::Present)?;
        if !same_number(shown.form.get("notice_number")?, number) {
            return None;
        }
        Some(Self {
            notice_number: number.clone(),
            wanted: wanted_of(&case.form)?,
            from: day(&grant.form, "provided_from")?.max(day(&case.form, "from_on")?),
            last_day: day(&case.form, "to_on")?,
        })
    }

    /// The number of the notice.
    pub fn notice_number(&self) -> &str {
        &self.notice_number
    }

    /// What was granted.
    pub const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The last day of use.
    pub const fn last_day(&self) -> Day {
        self.last_day
    }

    /// Whether data may be made at this moment: until the use period is over.
    pub fn may_make(&self, now: Timestamp) -> bool {
        now.day() <= self.last_day
    }

    /// Whether data may be given at this moment: within the use period, from the day of provision on.
    pub fn may_give(&self, now: Timestamp) -> bool {
        (self.from..=self.last_day).contains(&now.day())
    }
}

/// Whether somebody is who the data of a case goes to: whoever asked, or for a paper the managers of that facility.
pub fn is_recipient(case: &Case, actor: &Actor) -> bool {
    Party::Facility.is(actor, case.facility, case.asked_by)
        && (case.channel != Channel::Online || actor.account == case.asked_by)
}

/// What to propose as the number of the next notice of a case; a dropped decision's number is not used again.
pub fn next_notice_number(case: &Case) -> String {
    let decisions = case.taken.iter().filter(|taken| taken.act == Act::Grant).count();
    format!("{}-{}", case.number, decisions + 1)
}

/// Days left of the use period: 0 on its last day, negative when it is over. `None` while nothing is in use.
pub fn use_time_left(case: &Case, today: Day) -> Option<i64> {
    let last =
        day(&case.form, "to_on").filter(|_| matches!(case.state, State::Produced | State::Provided))?;
    Some((last.start().seconds() - today.start().seconds()).div_euclid(24 * 3600))
}

/// Numbers as people copy them from paper: full-width letters, kinds of hyphens and spaces make no difference.
pub(super) fn same_number(typed: &str, decided: &str) -> bool {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|c| !c.is_whitespace()).map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            'ー' | '‐' | '−' | '–' | '—' => '-',
            other => other,
        });
        kept.flat_map(char::to_uppercase).collect()
    };
    plain(typed) == plain(decided)
}
