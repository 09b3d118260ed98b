//! One-page PDF documents, written by hand: a heading, a line, and some rows in Helvetica.

use crate::chance::Chance;

/// A document of a kind. Its text is ASCII: the standard fonts have nothing else.
pub(crate) fn page(kind: &str, variant: usize) -> Vec<u8> {
    let mut chance = Chance::new(6, variant);
    let (title, rows) = content(kind, &mut chance);
    let mut drawing = String::from("0.6 w 56 770 m 539 770 l S\n");
    text(&mut drawing, 18, 56, 784, title);
    for (index, row) in rows.iter().enumerate() {
        text(&mut drawing, 11, 64, 740 - 22 * i64::try_from(index).unwrap_or(0), row);
    }
    text(&mut drawing, 8, 56, 48, &format!("Demo data of a fictional city. Form {kind}-{variant}."));
    assemble(&drawing)
}

fn text(drawing: &mut String, size: u8, x: i64, y: i64, line: &str) {
    let safe = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    drawing.push_str(&format!("BT /F1 {size} Tf {x} {y} Td ({safe}) Tj ET\n"));
}

fn content(kind: &str, chance: &mut Chance) -> (&'static str, Vec<String>) {
    let mut n = |low, high| chance.between(low, high);
    match kind {
        "lab" => (
            "Laboratory results",
            vec![
                format!("WBC        {}.{} x10^3/uL   (3.3 - 8.6)", n(4, 9), n(0, 9)),
                format!("Hb         {}.{} g/dL      (11.6 - 14.8)", n(9, 13), n(0, 9)),
                format!("Alb        {}.{} g/dL      (4.1 - 5.1)", n(2, 4), n(0, 9)),
                format!("BUN        {} mg/dL     (8 - 20)", n(12, 38)),
                format!("Cre        0.{} mg/dL    (0.46 - 0.79)", n(58, 99)),
                format!("eGFR       {}           (60 -)", n(34, 72)),
                format!("Na / K     {} / 4.{} mEq/L", n(134, 142), n(0, 8)),
                format!("HbA1c      {}.{} %        (4.9 - 6.0)", n(5, 7), n(0, 9)),
                format!("CRP        0.{} mg/dL    (- 0.14)", n(10, 98)),
                format!("NT-proBNP  {} pg/mL    (- 125)", n(80, 1900)),
            ],
        ),
        "consent" => (
            "Consent to sharing in the contact book",
            vec![
                "I have been told which facilities read and write, and what for.".to_owned(),
                "I agree that they share what they need to care for me at home.".to_owned(),
                "I can withdraw this consent at any time, without a disadvantage.".to_owned(),
                "Signature: ______________________   Date: ______________".to_owned(),
                format!("Explained by the key worker, copy handed over (sheet {}).", n(1, 9)),
            ],
        ),
        "prescription" => (
            "Prescription summary",
            vec![
                format!("1. Amlodipine 5 mg        1 tab  after breakfast   {} days", n(2, 4) * 7),
                "2. Furosemide 20 mg       1 tab  after breakfast".to_owned(),
                format!("3. Magnesium oxide 330 mg {} tabs after each meal", n(1, 2) * 3),
                "4. Lansoprazole OD 15 mg  1 tab  after supper".to_owned(),
                "One-dose packages, printed with date and time of day.".to_owned(),
                format!("Left over from last time: {} packages, adjusted.", n(0, 9)),
            ],
        ),
        "meeting" => (
            "Care conference: summary",
            vec![
                format!("Attended: {} people of {} facilities, family", n(5, 8), n(4, 6)),
                "1. Goals: to stay at home safely, to keep walking to the table".to_owned(),
                "2. Services: nurse 2/week, helper 3/week, day care 2/week".to_owned(),
                format!("3. Equipment: hand rail, bed, review in {} months", n(1, 3)),
                "4. In an emergency: call the nurse station first, then the clinic".to_owned(),
                "5. Wishes of the person: quiet mornings, bath in the afternoon".to_owned(),
            ],
        ),
        "plan" => (
            "Care plan: weekly table",
            vec![
                "Mon  Helper 09:00    Nurse 14:00".to_owned(),
                "Tue  Day care 09:30 - 16:00".to_owned(),
                format!("Wed  Helper {}:00    Rehabilitation 11:00", n(8, 9)),
                format!("Thu  Nurse 14:00     Pharmacist 16:{}0", n(0, 5)),
                "Fri  Day care 09:30 - 16:00".to_owned(),
                "Sat  Helper 10:00".to_owned(),
                "Sun  Family".to_owned(),
            ],
        ),
        _ => (
            "Visit report",
            vec![
                format!("Visits this month: {}", n(7, 10)),
                format!(
                    "Body temperature 36.{} C, blood pressure {}/{} mmHg",
                    n(1, 8),
                    n(112, 138),
                    n(62, 80)
                ),
                format!("SpO2 {} %, weight {}.{} kg", n(93, 98), n(40, 58), n(0, 9)),
                "Skin: no new findings. Bowel movement every two days.".to_owned(),
                "Medicines taken as prescribed. Family is well.".to_owned(),
                "Next month: same schedule.".to_owned(),
            ],
        ),
    }
}

/// The file around a drawing: objects, their places, and the end.
fn assemble(drawing: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R \
         /Resources << /Font << /F1 4 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{drawing}endstream", drawing.len()),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    let size = objects.len() + 1;
    file.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    file.into_bytes()
}
