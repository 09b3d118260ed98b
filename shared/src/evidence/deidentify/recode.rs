//! How coarse each column must become: a search that gives up as little as it can. What it finds is only a choice of
//! levels; which rows may be put out is judged by [`super::rows`] anew.

use super::{
    AUTHORS_MIN, Wanted,
    columns::{Column, Fact},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::Hash,
};

/// One in so many rows may be dropped before columns are made coarser instead.
pub(super) const DROPPED_PART: usize = 10;

/// Values as small numbers, so that many choices of levels can be tried.
struct Coded {
    columns: Vec<Column>,
    patients: Vec<u32>,
    authors: Vec<u32>,
    /// Of each column, at each level, for each row.
    codes: Vec<Vec<Vec<u32>>>,
}

/// Numbers for values, in the order in which they come.
fn numbered<T: Eq + Hash>(values: impl Iterator<Item = T>) -> Vec<u32> {
    let mut known: HashMap<T, u32> = HashMap::new();
    let mut next = 0;
    values
        .map(|value| {
            *known.entry(value).or_insert_with(|| {
                next += 1;
                next
            })
        })
        .collect()
}

impl Coded {
    fn of(facts: &[&Fact<'_>], columns: Vec<Column>) -> Self {
        let at_level = |column: Column, level| numbered(facts.iter().map(|fact| fact.value(column, level)));
        let levels =
            |column: &Column| (0..=column.coarsest()).map(|level| at_level(*column, level)).collect();
        Self {
            patients: numbered(facts.iter().map(|fact| fact.patient.patient)),
            authors: numbered(facts.iter().map(|fact| fact.author())),
            codes: columns.iter().map(levels).collect(),
            columns,
        }
    }

    /// How many rows are in classes that are large enough.
    fn kept(&self, levels: &[usize], least: usize) -> usize {
        let told = |at: usize| levels[at] < self.columns[at].coarsest();
        let about_authors = (0..levels.len()).any(|at| self.columns[at].tells_author() && told(at));
        let authors = if about_authors { AUTHORS_MIN } else { 0 };
        let mut classes: HashMap<Vec<u32>, (usize, BTreeSet<u32>, BTreeSet<u32>)> = HashMap::new();
        for row in 0..self.patients.len() {
            let class = levels.iter().enumerate().map(|(at, level)| self.codes[at][*level][row]).collect();
            let (rows, patients, writers) = classes.entry(class).or_default();
            *rows += 1;
            // Enough is enough: large classes are not counted out.
            if patients.len() < least {
                patients.insert(self.patients[row]);
            }
            if writers.len() < authors {
                writers.insert(self.authors[row]);
            }
        }
        let large = classes
            .into_values()
            .filter(|(_, patients, writers)| patients.len() >= least && writers.len() >= authors);
        large.map(|(rows, ..)| rows).sum()
    }
}

/// The level of each column at which at most a tenth of the rows is in small classes: step by step the one that saves
/// most rows for what it gives up, and then back wherever that is not needed after all.
pub(super) fn levels(facts: &[&Fact<'_>], wanted: &Wanted, least: usize) -> BTreeMap<Column, usize> {
    let all = wanted.dataset.columns().iter().copied();
    let telling: Vec<Column> = all.clone().filter(|column| column.tells_who()).collect();
    let finest: Vec<usize> = telling.iter().map(|column| column.finest(wanted)).collect();
    let coded = Coded::of(facts, telling);
    let columns = &coded.columns;
    let enough = |kept: usize| (facts.len() - kept) * DROPPED_PART <= facts.len();
    let changed = |levels: &[usize], at: usize, to: usize| {
        let mut next = levels.to_vec();
        next[at] = to;
        let kept = coded.kept(&next, least);
        (next, kept)
    };
    let mut levels = finest.clone();
    let mut kept = coded.kept(&levels, least);
    while !enough(kept) {
        let steps = (0..levels.len()).filter(|at| levels[*at] < columns[*at].coarsest()).map(|at| {
            let (next, kept_then) = changed(&levels, at, levels[at] + 1);
            // A step costs its part of what the column can tell; the last one, after which it tells nothing, twice.
            let parts = columns[at].coarsest() - finest[at];
            let cheap = if next[at] == columns[at].coarsest() { 1 } else { 2 };
            let values: BTreeSet<u32> = coded.codes[at][levels[at]].iter().copied().collect();
            let worth = (kept_then.saturating_sub(kept) * parts * cheap, cheap, values.len(), Reverse(at));
            (worth, next, kept_then)
        });
        let Some((_, next, kept_then)) = steps.max_by_key(|(worth, ..)| *worth) else { break };
        (levels, kept) = (next, kept_then);
    }
    loop {
        let back = (0..levels.len()).filter(|at| levels[*at] > finest[*at]).map(|at| {
            let (next, kept_then) = changed(&levels, at, levels[at] - 1);
            ((levels[at] == columns[at].coarsest(), kept_then), next, kept_then)
        });
        let back = back.filter(|(_, _, kept_then)| enough(*kept_then));
        let Some((_, next, _)) = back.max_by_key(|(worth, ..)| *worth) else { break };
        levels = next;
    }
    let found: BTreeMap<Column, usize> = columns.iter().copied().zip(levels).collect();
    all.map(|column| (column, found.get(&column).copied().unwrap_or(0))).collect()
}
