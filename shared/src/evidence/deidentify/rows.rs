//! Row by row: classes of at least *k* patients over what tells who somebody is.

use super::{
    AUTHORS_MIN, HIDDEN, Made, TooFew, Wanted,
    columns::{Column, Dataset, Fact, people},
    recode::{self, DROPPED_PART},
};
use crate::id::{AccountId, PatientId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) fn rows(
    facts: &[Fact<'_>],
    wanted: &Wanted,
    least: usize,
    pseudonym: &dyn Fn(PatientId) -> String,
) -> Result<Made, TooFew> {
    if people(facts.iter()) < least {
        return Err(TooFew);
    }
    let even = evened(&facts.iter().collect::<Vec<_>>(), least);
    let columns = wanted.dataset.columns();
    let plain = without_singular(&even, columns, least);
    let coarse = recode::levels(&plain, wanted, least);
    let mut kept = in_large_classes(&plain, &coarse, least);
    // What was dropped may leave somebody with most rows again.
    loop {
        let next = in_large_classes(&evened(&kept, least), &coarse, least);
        if next.len() == kept.len() {
            break;
        }
        kept = next;
    }
    if people(kept.iter().copied()) < least {
        return Err(TooFew);
    }
    let rare = rare(&kept, columns, &coarse, least);
    let mut hidden = 0;
    let mut lines: Vec<Vec<String>> = kept
        .iter()
        .map(|fact| {
            let cell = |column: &Column| {
                let value = fact.value(*column, level(&coarse, *column));
                if rare.contains(&(*column, value.clone())) { HIDDEN.to_owned() } else { value }
            };
            let cells = columns.iter().map(cell);
            std::iter::once(pseudonym(fact.patient.patient)).chain(cells).collect()
        })
        .inspect(|line: &Vec<String>| {
            // A column that tells nothing at all hides nothing in particular.
            let masked =
                columns.iter().zip(&line[1..]).filter(|(c, value)| !c.tells_who() && *value == HIDDEN);
            hidden += masked.count() as u64;
        })
        .collect();
    // The order of rows must tell nothing either.
    lines.sort_unstable();
    let headers = std::iter::once("仮の記号").chain(columns.iter().map(|column| column.label()));
    Ok(Made {
        headers: headers.map(str::to_owned).collect(),
        dropped: (facts.len() - kept.len()) as u64,
        hidden,
        method: method(wanted, &coarse, least, facts.len() - even.len(), even.len() - kept.len(), hidden),
        lines,
    })
}

fn level(levels: &BTreeMap<Column, usize>, column: Column) -> usize {
    levels.get(&column).copied().unwrap_or(0)
}

/// Without the rows that a patient has beyond the *k*-th most written-about one: nobody stands out by how much was
/// written.
fn evened<'a>(facts: &[&'a Fact<'a>], least: usize) -> Vec<&'a Fact<'a>> {
    let mut counted: HashMap<PatientId, usize> = HashMap::new();
    for fact in facts {
        *counted.entry(fact.patient.patient).or_default() += 1;
    }
    let mut sizes: Vec<usize> = counted.values().copied().collect();
    sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
    let most = sizes.get(least - 1).copied().unwrap_or(0);
    let mut taken: HashMap<PatientId, usize> = HashMap::new();
    facts
        .iter()
        .copied()
        .filter(|fact| {
            let count = taken.entry(fact.patient.patient).or_default();
            *count += 1;
            *count <= most
        })
        .collect()
}

/// Without those who have a value that stays rare however coarse it is told (特異な記述): for them alone a whole column
/// would have to go. Where they are many, the column goes and they stay.
fn without_singular<'a>(facts: &[&'a Fact<'a>], columns: &[Column], least: usize) -> Vec<&'a Fact<'a>> {
    let all = people(facts.iter().copied());
    let mut singular: BTreeSet<PatientId> = BTreeSet::new();
    for column in columns.iter().filter(|column| column.tells_who()) {
        let mut holders: BTreeMap<String, BTreeSet<PatientId>> = BTreeMap::new();
        for fact in facts {
            let value = fact.value(*column, column.coarsest() - 1);
            holders.entry(value).or_default().insert(fact.patient.patient);
        }
        let rare: BTreeSet<PatientId> =
            holders.into_values().filter(|patients| patients.len() < least).flatten().collect();
        if rare.len() * DROPPED_PART <= all {
            singular.extend(rare);
        }
    }
    facts.iter().copied().filter(|fact| !singular.contains(&fact.patient.patient)).collect()
}

fn in_large_classes<'a>(
    facts: &[&'a Fact<'a>],
    levels: &BTreeMap<Column, usize>,
    least: usize,
) -> Vec<&'a Fact<'a>> {
    let telling: Vec<(Column, usize)> =
        levels.iter().map(|(c, l)| (*c, *l)).filter(|(column, _)| column.tells_who()).collect();
    let class = |fact: &Fact<'_>| -> Vec<String> {
        telling.iter().map(|(column, level)| fact.value(*column, *level)).collect()
    };
    let about_authors =
        telling.iter().any(|(column, level)| column.tells_author() && *level < column.coarsest());
    let mut classes: HashMap<Vec<String>, (BTreeSet<PatientId>, BTreeSet<AccountId>)> = HashMap::new();
    let classed: Vec<_> = facts.iter().map(|fact| (*fact, class(fact))).collect();
    for (fact, class) in &classed {
        let (patients, authors) = classes.entry(class.clone()).or_default();
        patients.insert(fact.patient.patient);
        authors.extend(fact.author());
    }
    let large = |class: &Vec<String>| {
        classes.get(class).is_some_and(|(patients, authors)| {
            patients.len() >= least && (!about_authors || authors.len() >= AUTHORS_MIN)
        })
    };
    classed.iter().filter(|(_, class)| large(class)).map(|(fact, _)| *fact).collect()
}

/// Values of columns outside the classes that fewer than *k* patients have.
fn rare(
    facts: &[&Fact<'_>],
    columns: &[Column],
    levels: &BTreeMap<Column, usize>,
    least: usize,
) -> BTreeSet<(Column, String)> {
    let mut found: BTreeMap<(Column, String), BTreeSet<PatientId>> = BTreeMap::new();
    for column in columns.iter().filter(|column| !column.tells_who()) {
        for fact in facts {
            let value = fact.value(*column, level(levels, *column));
            found.entry((*column, value)).or_default().insert(fact.patient.patient);
        }
    }
    found.into_iter().filter(|(_, patients)| patients.len() < least).map(|(value, _)| value).collect()
}

fn method(
    wanted: &Wanted,
    levels: &BTreeMap<Column, usize>,
    least: usize,
    beyond: usize,
    small: usize,
    hidden: u64,
) -> Vec<String> {
    let mut said = vec![
        "氏名・住所・連絡先・本文・番号・生年月日・送信日時を除いた。".to_owned(),
        "患者の仮の記号は、この出力だけの鍵による鍵付きハッシュ（鍵は保存していない）。".to_owned(),
        "年齢は40歳未満と90歳以上をまとめる。".to_owned(),
    ];
    let done = levels.iter().filter(|(column, level)| **level > column.finest(wanted));
    let coarser: Vec<_> = done.filter_map(|(column, level)| column.in_words(*level)).collect();
    if !coarser.is_empty() {
        said.push(format!(
            "同じ組合せの患者が{least}人以上になるように、区分を粗くした: {}。",
            coarser.join("、")
        ));
    }
    said.push(format!("どう粗くしても{least}人に満たない値を持つ患者の行と、同じ組合せの患者が{least}人に満たない行を{small}行除いた。"));
    if wanted.dataset == Dataset::Notes {
        said.push(format!("書いた職員が{AUTHORS_MIN}人に満たない組合せの行も、その中に含む。"));
        said.push(format!("ひとりの患者の行の数を、{least}番目に多い患者の数にそろえ、{beyond}行除いた。"));
        said.push(format!("{least}人に満たないまれな値{hidden}個を「{HIDDEN}」にした。"));
        said.push("取り消された連絡と、同意が有効でない患者を除いた。".to_owned());
    } else {
        said.push("同意が有効でない患者を除いた。".to_owned());
    }
    said
}
