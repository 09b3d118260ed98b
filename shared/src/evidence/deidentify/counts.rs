//! Tables of counts, with small cells suppressed so that totals do not give them away.

use super::{
    AUTHORS_MIN, HIDDEN, Made, TooFew, Wanted,
    columns::{Column, Dataset, Fact, people},
};
use crate::id::{AccountId, PatientId};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

const TOTAL: &str = "合計";

/// A cell: how many rows, and who is behind them.
#[derive(Clone, Debug, Default)]
struct Cell {
    rows: u64,
    /// Each with how many of the rows are theirs.
    patients: BTreeMap<PatientId, u64>,
    authors: BTreeSet<AccountId>,
}

impl Cell {
    fn add(&mut self, fact: &Fact<'_>) {
        self.rows += 1;
        *self.patients.entry(fact.patient.patient).or_default() += 1;
        self.authors.extend(fact.author());
    }

    /// Whether more than half of it is one patient's: then the count is nearly theirs.
    fn is_dominated(&self) -> bool {
        self.patients.values().any(|rows| rows * 2 > self.rows)
    }
}

pub(super) fn counts(facts: &[Fact<'_>], wanted: &Wanted, least: usize) -> Result<Made, TooFew> {
    if people(facts.iter()) < least {
        return Err(TooFew);
    }
    let about_authors = wanted.by.iter().any(|column| column.tells_author());
    let small = |cell: &Cell| {
        cell.patients.len() < least
            || cell.is_dominated()
            || (about_authors && cell.authors.len() < AUTHORS_MIN)
    };
    let domains: Vec<Vec<String>> = wanted.by.iter().map(|column| column.domain(wanted)).collect();
    let place = |fact: &Fact<'_>, at: usize| {
        let column: Column = *wanted.by.get(at)?;
        let value = fact.value(column, column.finest(wanted));
        domains.get(at)?.iter().position(|known| *known == value)
    };
    let (height, width) = (domains[0].len(), domains.get(1).map_or(0, Vec::len));
    // The last of each line is its total.
    let mut table = Table::new(height + 1, width + 1);
    for fact in facts {
        let (row, column) = (place(fact, 0).unwrap_or(height), place(fact, 1).unwrap_or(width));
        for row in BTreeSet::from([row, height]) {
            for column in BTreeSet::from([column, width]) {
                table.cell_mut(row, column).add(fact);
            }
        }
    }
    let hidden = if width == 0 { hide_in_line(&table, least, small) } else { hide(&table, least, small) };
    let name = |domain: &[String], at: usize| domain.get(at).cloned().unwrap_or_else(|| TOTAL.to_owned());
    let mut lines = Vec::new();
    for row in 0..=height {
        for column in 0..=width {
            let count = match hidden[row * table.width + column] {
                true => HIDDEN.to_owned(),
                false => table.cell(row, column).rows.to_string(),
            };
            let first = name(&domains[0], row);
            lines.push(match domains.get(1) {
                Some(second) => vec![first, name(second, column), count],
                None => vec![first, count],
            });
        }
    }
    let unit = if wanted.dataset == Dataset::Notes { "連絡の件数" } else { "患者の人数" };
    let headers = wanted.by.iter().map(|column| column.label()).chain([unit]).map(str::to_owned).collect();
    let all_hidden = hidden.iter().filter(|hidden| **hidden).count() as u64;
    let first = (0..table.cells.len()).filter(|at| small(&table.cells[*at])).count() as u64;
    Ok(Made {
        headers,
        lines,
        dropped: 0,
        hidden: all_hidden,
        method: method(wanted, least, first, all_hidden),
    })
}

fn method(wanted: &Wanted, least: usize, first: u64, all: u64) -> Vec<String> {
    let by: Vec<_> = wanted.by.iter().map(|column| column.label()).collect();
    let mut said = vec![
        format!("{}ごとに数え、行ごとのデータは出力していない。", by.join("×")),
        format!("年齢は{}（40歳未満、90歳以上はまとめる）。", wanted.age.label()),
        format!("患者が{least}人に満たない升目（0を含む）{first}個を「{HIDDEN}」にした。"),
        format!(
            "合計との差で計算できないように、ほかの升目{}個も「{HIDDEN}」にした。",
            all.saturating_sub(first)
        ),
    ];
    if wanted.dataset == Dataset::Notes {
        said.push("ひとりの患者の連絡が半分を超える升目も伏せた。".to_owned());
        said.push(format!(
            "職種・施設の種類を含む表では、書いた職員が{AUTHORS_MIN}人に満たない升目も伏せた。"
        ));
        said.push("取り消された連絡と、同意が有効でない患者を除いた。".to_owned());
    } else {
        said.push("同意が有効でない患者を除いた。".to_owned());
    }
    said
}

#[derive(Clone, Debug)]
struct Table {
    cells: Vec<Cell>,
    height: usize,
    width: usize,
}

impl Table {
    fn new(height: usize, width: usize) -> Self {
        Self { cells: vec![Cell::default(); height * width], height, width }
    }

    fn cell(&self, row: usize, column: usize) -> &Cell {
        &self.cells[row * self.width + column]
    }

    fn cell_mut(&mut self, row: usize, column: usize) -> &mut Cell {
        &mut self.cells[row * self.width + column]
    }

    /// How much is lost if a cell is not told.
    fn loss(&self, at: usize) -> (usize, u64, usize) {
        (self.cells[at].patients.len(), self.cells[at].rows, at)
    }

    /// The places of each line: its cells, then its total.
    fn lines(&self) -> Vec<Vec<usize>> {
        let rows = (0..self.height).map(|row| (0..self.width).map(|c| row * self.width + c).collect());
        let columns = (0..self.width).map(|c| (0..self.height).map(|row| row * self.width + c).collect());
        rows.chain(columns).collect()
    }

    fn people_of(&self, places: impl Iterator<Item = usize>) -> usize {
        places.flat_map(|at| self.cells[at].patients.keys()).collect::<BTreeSet<_>>().len()
    }
}

/// Hides the next smallest cell of a line until those that are hidden together hold enough people; whether any was.
fn fill_line(table: &Table, line: &[usize], hidden: &mut [bool], least: usize) -> bool {
    let Some((total, inner)) = line.split_last() else { return false };
    let mut changed = false;
    loop {
        let away: Vec<usize> = inner.iter().copied().filter(|at| hidden[*at]).collect();
        // With the total told, its difference to what is told is the sum of what is not.
        let enough = away.len() > 1 && table.people_of(away.iter().copied()) >= least;
        if away.is_empty() || hidden[*total] || enough {
            return changed;
        }
        let next = inner.iter().copied().filter(|at| !hidden[*at]).min_by_key(|at| table.loss(*at));
        hidden[next.unwrap_or(*total)] = true;
        changed = true;
    }
}

/// One column of counts and its total.
fn hide_in_line(table: &Table, least: usize, small: impl Fn(&Cell) -> bool) -> Vec<bool> {
    let mut hidden: Vec<bool> = table.cells.iter().map(small).collect();
    let line: Vec<usize> = (0..table.cells.len()).collect();
    fill_line(table, &line, &mut hidden, least);
    hidden
}

/// A table with both its margins.
fn hide(table: &Table, least: usize, small: impl Fn(&Cell) -> bool) -> Vec<bool> {
    let mut hidden: Vec<bool> = table.cells.iter().map(small).collect();
    loop {
        let mut changed = false;
        for line in table.lines() {
            changed |= fill_line(table, &line, &mut hidden, least);
        }
        for at in 0..hidden.len() {
            if hidden[at] {
                let path = cheapest_way(table, &hidden, at);
                changed |= path.iter().any(|other| !hidden[*other]);
                for other in path {
                    hidden[other] = true;
                }
            }
        }
        if !changed {
            return hidden;
        }
    }
}

/// The cells that make a cycle with a hidden one, as cheap as possible: rows and columns are the nodes, cells the
/// edges, and a hidden cell can be solved for just when its edge lies on no cycle of hidden ones. There is always a
/// way: by the total of its row, the total of all, and the total of its column.
fn cheapest_way(table: &Table, hidden: &[bool], edge: usize) -> Vec<usize> {
    let nodes = table.height + table.width;
    let (from, to) = (edge / table.width, table.height + edge % table.width);
    let mut best: Vec<Option<(usize, usize, usize)>> = vec![None; nodes];
    let mut queue = BinaryHeap::from([Reverse((0_usize, from))]);
    let mut done = vec![false; nodes];
    while let Some(Reverse((cost, node))) = queue.pop() {
        if std::mem::replace(&mut done[node], true) {
            continue;
        }
        if node == to {
            break;
        }
        let across = if node < table.height { table.height..nodes } else { 0..table.height };
        for other in across {
            let (row, column) = (node.min(other), node.max(other) - table.height);
            let at = row * table.width + column;
            if at == edge || done[other] {
                continue;
            }
            let price = if hidden[at] { 0 } else { 1 + table.cells[at].patients.len() };
            let sum = cost + price;
            if best[other].is_none_or(|(known, ..)| sum < known) {
                best[other] = Some((sum, node, at));
                queue.push(Reverse((sum, other)));
            }
        }
    }
    let mut way = Vec::new();
    let mut node = to;
    while node != from {
        let Some((_, before, at)) = best[node] else { break };
        way.push(at);
        node = before;
    }
    way
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(height: usize, width: usize, sizes: &[usize]) -> Table {
        let mut table = Table::new(height + 1, width + 1);
        let mut next = 0;
        for row in 0..height {
            for column in 0..width {
                for _ in 0..sizes[row * width + column] {
                    next += 1;
                    let id = PatientId::from_parts(1, next);
                    for row in [row, height] {
                        for column in [column, width] {
                            let cell = table.cell_mut(row, column);
                            cell.rows += 1;
                            *cell.patients.entry(id).or_default() += 1;
                        }
                    }
                }
            }
        }
        table
    }

    /// Which unknown cells the totals give away, by elimination: independent of how they were chosen.
    fn solved(table: &Table, hidden: &[bool]) -> Vec<usize> {
        let unknown: Vec<usize> = (0..hidden.len()).filter(|at| hidden[*at]).collect();
        let sign = |line: &[usize], at: usize| match line.split_last() {
            Some((total, inner)) if *total == at || inner.contains(&at) => {
                if *total == at {
                    -1.0
                } else {
                    1.0
                }
            }
            _ => 0.0,
        };
        let mut equations: Vec<Vec<f64>> =
            table.lines().iter().map(|line| unknown.iter().map(|at| sign(line, *at)).collect()).collect();
        let mut rank = 0;
        for column in 0..unknown.len() {
            let pivot = (rank..equations.len()).find(|row| equations[*row][column].abs() > 1e-9);
            let Some(pivot) = pivot else { continue };
            equations.swap(rank, pivot);
            let by = equations[rank][column];
            for value in &mut equations[rank] {
                *value /= by;
            }
            let base = equations[rank].clone();
            for (row, equation) in equations.iter_mut().enumerate() {
                let factor = equation[column];
                if row != rank && factor.abs() > 1e-9 {
                    for (value, base) in equation.iter_mut().zip(&base) {
                        *value -= factor * base;
                    }
                }
            }
            rank += 1;
        }
        let alone = |row: &Vec<f64>| {
            let set: Vec<usize> = (0..row.len()).filter(|at| row[*at].abs() > 1e-9).collect();
            (set.len() == 1).then(|| unknown[set[0]])
        };
        equations.iter().filter_map(alone).collect()
    }

    proptest! {
        #[test]
        fn no_small_cell_is_told_and_none_can_be_solved_for(
            (height, width, sizes) in (1_usize..6, 1_usize..6).prop_flat_map(|(h, w)| {
                (Just(h), Just(w), prop::collection::vec(prop_oneof![0_usize..4, 8_usize..30], h * w))
            })
        ) {
            let table = table(height, width, &sizes);
            let small = |cell: &Cell| cell.patients.len() < 10;
            prop_assume!(!small(&table.cells[table.cells.len() - 1]));
            let hidden = hide(&table, 10, small);
            for (at, cell) in table.cells.iter().enumerate() {
                prop_assert!(hidden[at] || !small(cell));
            }
            prop_assert_eq!(solved(&table, &hidden), Vec::<usize>::new());
            for line in table.lines() {
                let (total, inner) = line.split_last().unwrap();
                let away: Vec<usize> = inner.iter().copied().filter(|at| hidden[*at]).collect();
                if !away.is_empty() && !hidden[*total] {
                    prop_assert!(table.people_of(away.iter().copied()) >= 10);
                }
            }
        }

        #[test]
        fn one_column_is_safe_too(sizes in prop::collection::vec(prop_oneof![0_usize..4, 8_usize..30], 1..12)) {
            let mut table = Table::new(sizes.len() + 1, 1);
            let mut next = 0;
            for (row, size) in sizes.iter().enumerate() {
                for _ in 0..*size {
                    next += 1;
                    for row in [row, sizes.len()] {
                        table.cell_mut(row, 0).patients.insert(PatientId::from_parts(1, next), 1);
                        table.cell_mut(row, 0).rows += 1;
                    }
                }
            }
            let hidden = hide_in_line(&table, 10, |cell| cell.patients.len() < 10);
            let inner: Vec<usize> = (0..sizes.len()).filter(|at| hidden[*at]).collect();
            for (at, size) in sizes.iter().enumerate() {
                prop_assert!(hidden[at] || *size >= 10);
            }
            if !inner.is_empty() && !hidden[sizes.len()] {
                prop_assert!(inner.len() > 1 && table.people_of(inner.iter().copied()) >= 10);
            }
        }
    }

    #[test]
    fn nothing_is_hidden_where_nothing_is_small() {
        let table = table(2, 2, &[10, 11, 12, 13]);
        assert!(!hide(&table, 10, |cell| cell.patients.len() < 10).contains(&true));
    }

    #[test]
    fn one_small_cell_takes_the_cheapest_cycle_with_it() {
        let table = table(3, 3, &[1, 40, 50, 20, 30, 60, 70, 80, 90]);
        let hidden = hide(&table, 10, |cell| cell.patients.len() < 10);
        let away: Vec<usize> = (0..hidden.len()).filter(|at| hidden[*at]).collect();
        assert_eq!(away, [0, 1, 4, 5]);
    }
}
