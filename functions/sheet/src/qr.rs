//! The letter's QR code as the template draws it.

use shared::sheet::Sheet;

/// Dark runs of a letter's code (column, row, length) and the modules along a side; nothing on other sheets.
pub fn runs(sheet: &Sheet) -> (Vec<(usize, usize, usize)>, usize) {
    let Sheet::SealedLetter(letter) = sheet else { return (Vec::new(), 0) };
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (y, row) in letter.qr.iter().enumerate() {
        for x in row.iter().enumerate().filter_map(|(x, dark)| dark.then_some(x)) {
            match runs.last_mut() {
                Some((start, line, length)) if *line == y && *start + *length == x => *length += 1,
                _ => runs.push((x, y, 1)),
            }
        }
    }
    (runs, letter.qr.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{calendar::Day, sheet::SealedLetter};

    #[test]
    fn neighbours_are_one_run_and_lines_are_not() {
        let qr = vec![vec![true, true, false, true], vec![true, false, false, false]];
        let text = String::new;
        let letter = SealedLetter {
            number: text(),
            date: Day::new(2026, 11, 26).unwrap(),
            postal: "〒485-0012 小牧市堀の内3丁目1番地".into(),
            facility: text(),
            addressee: text(),
            name: text(),
            user_id: text(),
            password: text(),
            last_day: Day::new(2026, 12, 10).unwrap(),
            address: text(),
            qr,
            sender: text(),
        };
        assert_eq!(runs(&Sheet::SealedLetter(letter)), (vec![(0, 0, 2), (3, 0, 1), (0, 1, 1)], 2));
        assert_eq!(runs(&Sheet::IncidentReport(Default::default())), (vec![], 0));
    }
}
