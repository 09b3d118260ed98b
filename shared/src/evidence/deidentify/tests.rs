//! A city of people, and one whom everybody would recognise.

use super::*;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const LEAST: u32 = 10;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn patient(number: u128, born: &str, sex: Sex, care_level: CareLevel) -> PatientFact {
    PatientFact {
        patient: PatientId::from_parts(1, number),
        born: day(born),
        sex,
        care_level,
        facilities: 3,
        first_note_on: Some(day("2026-01-10")),
    }
}

fn note(patient: u128, author: u128, on: &str, kind: FacilityKind, profession: Profession) -> NoteFact {
    NoteFact {
        patient: PatientId::from_parts(1, patient),
        author: AccountId::from_parts(1, author),
        sent_on: day(on),
        facility_kind: Some(kind),
        profession,
        kind: NoteKind::Report,
        importance: Importance::Normal,
        attachments: 0,
        read_by: 2,
        acknowledged: 0,
    }
}

/// The only child in the book, with a profession and a kind of note that nobody else has.
const UNIQUE: u128 = 999;

fn city() -> Source {
    let mut source = Source::default();
    for n in 0..80_u128 {
        let born = if n % 2 == 0 { "1938-05-05" } else { "1945-05-05" };
        let sex = if n % 3 == 0 { Sex::Male } else { Sex::Female };
        source.patients.push(patient(n, born, sex, CareLevel::ALL[usize::try_from(n % 4).unwrap() + 1]));
        for m in 0..=n % 5 {
            let on = if m % 2 == 0 { "2026-09-10" } else { "2026-10-10" };
            let (kind, profession) = if m % 2 == 0 {
                (FacilityKind::VisitingNurseStation, Profession::Nurse)
            } else {
                (FacilityKind::HomeHelp, Profession::HomeHelper)
            };
            source.notes.push(note(n, 1 + n % 4, on, kind, profession));
        }
    }
    source.patients.push(PatientFact {
        facilities: 9,
        ..patient(UNIQUE, "2015-01-02", Sex::Unstated, CareLevel::Care5)
    });
    for _ in 0..120 {
        source.notes.push(NoteFact {
            kind: NoteKind::Urgent,
            importance: Importance::High,
            attachments: 9,
            read_by: 30,
            acknowledged: 12,
            ..note(UNIQUE, 77, "2026-09-21", FacilityKind::DentalClinic, Profession::SpeechTherapist)
        });
    }
    source
}

fn wanted(dataset: Dataset, by: &[Column]) -> Wanted {
    Wanted {
        dataset,
        by: by.to_vec(),
        age: AgeStep::Five,
        grain: Grain::Month,
        from: day("2026-09-01"),
        to: day("2026-10-31"),
    }
}

fn pseudonym(id: PatientId) -> String {
    hex::encode(&Sha256::digest(id.to_string())[..6])
}

fn questions() -> Vec<Wanted> {
    let mut all = Vec::new();
    for dataset in Dataset::ALL {
        all.push(wanted(*dataset, &[]));
        for first in dataset.columns() {
            all.push(wanted(*dataset, &[*first]));
            let others = dataset.columns().iter().filter(|second| *second != first);
            all.extend(others.map(|second| wanted(*dataset, &[*first, *second])));
        }
    }
    all
}

/// What the unique patient's row or cell would say, and nobody else's.
const TELLS: &[&str] = &["40歳未満", "言語聴覚士", "歯科診療所", "要介護5", "記載なし", "緊急"];

#[test]
fn the_one_whom_everybody_would_recognise_is_in_no_output() {
    let source = city();
    for wanted in questions() {
        let made = deidentify(&source, &wanted, LEAST, &pseudonym).unwrap();
        if wanted.by.is_empty() {
            for line in &made.lines {
                assert_ne!(line[0], pseudonym(PatientId::from_parts(1, UNIQUE)), "{wanted:?}");
                assert!(!line.iter().any(|cell| TELLS.contains(&cell.as_str())), "{wanted:?} {line:?}");
            }
            continue;
        }
        for line in &made.lines {
            let (count, names) = line.split_last().unwrap();
            // Headings name every value that could occur; what is told beside them counts ten people at least.
            if names.iter().any(|name| TELLS.contains(&name.as_str())) {
                assert_eq!(count, HIDDEN, "{wanted:?} {line:?}");
            }
            assert!(count == HIDDEN || count.parse::<u64>().unwrap() >= 10, "{wanted:?} {line:?}");
        }
    }
}

#[test]
fn every_class_of_rows_holds_ten_people_and_nobody_has_most_rows_alone() {
    for dataset in Dataset::ALL {
        let made = deidentify(&city(), &wanted(*dataset, &[]), LEAST, &pseudonym).unwrap();
        let telling: Vec<usize> =
            (0..dataset.columns().len()).filter(|at| dataset.columns()[*at].tells_who()).collect();
        let mut classes: std::collections::BTreeMap<Vec<&str>, std::collections::BTreeSet<&str>> =
            Default::default();
        let mut rows: std::collections::BTreeMap<&str, usize> = Default::default();
        for line in &made.lines {
            let class = telling.iter().map(|at| line[at + 1].as_str()).collect();
            classes.entry(class).or_default().insert(&line[0]);
            *rows.entry(&line[0]).or_default() += 1;
        }
        assert!(classes.values().all(|people| people.len() >= 10), "{dataset} {classes:?}");
        let most = rows.values().max().unwrap();
        assert!(rows.values().filter(|count| *count == most).count() >= 10, "{rows:?}");
        assert!(made.dropped > 0 && made.lines.len() > 60, "{dataset} {}", made.lines.len());
    }
}

#[test]
fn names_texts_and_numbers_have_no_way_in() {
    // The facts have no place for them; what is left is checked on the finished file.
    let made = deidentify(&city(), &wanted(Dataset::Notes, &[]), LEAST, &pseudonym).unwrap();
    let file =
        String::from_utf8(csv(&made, CsvMark { notice_number: "1", last_day: day("2026-12-31") })).unwrap();
    for n in 0..80 {
        assert!(!file.contains(&PatientId::from_parts(1, n).to_string()));
        assert!(!file.contains(&AccountId::from_parts(1, n).to_string()));
    }
    assert!(!file.contains("1938-05-05") && !file.contains("2026-09-10"));
}

#[test]
fn too_few_people_are_nothing() {
    let mut source = city();
    source.patients.truncate(9);
    for wanted in questions() {
        assert_eq!(deidentify(&source, &wanted, LEAST, &pseudonym), Err(TooFew), "{wanted:?}");
    }
}

#[test]
fn heads_of_tables_name_what_could_occur_not_what_does() {
    let with =
        deidentify(&city(), &wanted(Dataset::Notes, &[Column::Profession]), LEAST, &pseudonym).unwrap();
    let mut without = city();
    without.patients.retain(|patient| patient.patient != PatientId::from_parts(1, UNIQUE));
    let without =
        deidentify(&without, &wanted(Dataset::Notes, &[Column::Profession]), LEAST, &pseudonym).unwrap();
    let names = |made: &Made| made.lines.iter().map(|line| line[0].clone()).collect::<Vec<_>>();
    assert_eq!(names(&with), names(&without));
}

#[test]
fn what_was_granted_covers_less_and_never_more() {
    let rows = wanted(Dataset::Notes, &[]);
    let counts = wanted(Dataset::Notes, &[Column::Age, Column::Sex]);
    assert_eq!(rows.covers(&counts), Ok(()));
    assert_eq!(counts.covers(&wanted(Dataset::Notes, &[Column::Sex])), Ok(()));
    let field = |granted: &Wanted, made: &Wanted| granted.covers(made).unwrap_err()[0].field.clone();
    assert_eq!(field(&counts, &rows), "by");
    assert_eq!(field(&counts, &wanted(Dataset::Notes, &[Column::Profession])), "by");
    assert_eq!(field(&rows, &wanted(Dataset::Patients, &[])), "dataset");
    let granted = Wanted { age: AgeStep::Ten, ..rows.clone() };
    assert_eq!(field(&granted, &rows), "age");
    assert_eq!(field(&rows, &Wanted { grain: Grain::Week, ..rows.clone() }), "grain");
    assert_eq!(field(&rows, &Wanted { from: day("2026-08-31"), ..rows.clone() }), "from");
    assert_eq!(field(&rows, &Wanted { to: day("2026-11-01"), ..rows.clone() }), "to");
}

#[test]
fn wrong_questions_name_their_field() {
    let field = |wanted: Wanted| wanted.check().unwrap_err()[0].field.clone();
    let rows = wanted(Dataset::Patients, &[]);
    assert_eq!(field(Wanted { to: day("2026-08-31"), ..rows.clone() }), "to");
    assert_eq!(field(Wanted { to: day("2027-09-02"), ..rows.clone() }), "to");
    assert_eq!(Wanted { to: day("2027-09-01"), ..rows }.check(), Ok(()));
    assert_eq!(field(wanted(Dataset::Patients, &[Column::Profession])), "by");
    assert_eq!(field(wanted(Dataset::Patients, &[Column::Age, Column::Age])), "by");
    assert_eq!(field(wanted(Dataset::Patients, &[Column::Age, Column::Sex, Column::Notes])), "by");
}

#[test]
fn a_further_output_is_of_the_same_period_or_another_one() {
    let first = wanted(Dataset::Notes, &[]);
    assert!(may_follow(&first, &wanted(Dataset::Patients, &[Column::Age])));
    let later = Wanted { from: day("2026-11-01"), to: day("2026-11-30"), ..first.clone() };
    assert!(may_follow(&first, &later) && may_follow(&later, &first));
    assert!(!may_follow(&first, &Wanted { to: day("2026-10-30"), ..first.clone() }));
}

proptest! {
    /// Whatever the city looks like: rows in classes of ten people, cells of ten people.
    #[test]
    fn whoever_lives_there(
        people in prop::collection::vec((1926_i32..2020, 0_usize..3, 0_usize..8, 0_usize..6, 0_usize..12, 0_usize..18), 10..60),
        which in 0_usize..140,
    ) {
        let mut source = Source::default();
        for (n, (year, sex, care, notes, kind, profession)) in people.iter().enumerate() {
            let n = n as u128;
            let born = format!("{year}-07-01");
            source.patients.push(patient(n, &born, Sex::ALL[*sex], CareLevel::ALL[*care]));
            for m in 0..*notes {
                let on = if m % 2 == 0 { "2026-09-10" } else { "2026-10-10" };
                source.notes.push(note(n, n % 7, on, FacilityKind::ALL[*kind], Profession::ALL[*profession]));
            }
        }
        let questions = questions();
        let wanted = &questions[which % questions.len()];
        let Ok(made) = deidentify(&source, wanted, LEAST, &pseudonym) else { return Ok(()) };
        if wanted.by.is_empty() {
            let columns = wanted.dataset.columns();
            let mut classes: std::collections::BTreeMap<Vec<String>, std::collections::BTreeSet<String>> = Default::default();
            for line in &made.lines {
                let class = (0..columns.len()).filter(|at| columns[*at].tells_who()).map(|at| line[at + 1].clone());
                classes.entry(class.collect()).or_default().insert(line[0].clone());
            }
            prop_assert!(classes.values().all(|people| people.len() >= 10));
        } else {
            for line in &made.lines {
                let count = line.last().unwrap();
                prop_assert!(count == HIDDEN || count.parse::<u64>().unwrap() >= 10);
            }
        }
    }
}
