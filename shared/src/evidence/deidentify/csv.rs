//! The file: CSV as RFC 4180 describes it, in UTF-8 with a byte order mark, for Excel in Japan.

use super::Made;

/// What a file says of itself in its first line.
#[derive(Clone, Copy, Debug)]
pub struct CsvMark<'a> {
    /// The number of the notice of the grant (様式第2).
    pub notice_number: &'a str,
    /// The last day on which it may be used.
    pub last_day: crate::calendar::Day,
}

/// The file's bytes. The first line binds it to its notice, the second names the columns.
pub fn csv(made: &Made, mark: CsvMark<'_>) -> Vec<u8> {
    let width = made.headers.len().max(4);
    let mut out = String::from("\u{feff}");
    let bound = ["通知番号", mark.notice_number, "使用期限", &mark.last_day.to_string()].map(str::to_owned);
    for line in [&bound[..], &made.headers].into_iter().chain(made.lines.iter().map(Vec::as_slice)) {
        // Every record has the same number of fields.
        let fields = (0..width).map(|at| field(line.get(at).map_or("", String::as_str)));
        out.push_str(&fields.collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// A field; what a spreadsheet would take for a formula is made a text.
fn field(text: &str) -> String {
    let safe = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if safe.contains([',', '"', '\r', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_never_formulas() {
        for (text, written) in [
            ("看護師", "看護師"),
            ("a,b", "\"a,b\""),
            ("言う \"はい\"", "\"言う \"\"はい\"\"\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-1,\n", "\"'-1,\n\""),
            ("2026-11", "2026-11"),
        ] {
            assert_eq!(field(text), written);
        }
    }

    #[test]
    fn every_record_is_as_wide_and_the_first_names_the_notice() {
        let made = Made {
            headers: vec!["年齢".into(), "人数".into()],
            lines: vec![vec!["90歳以上".into(), "12".into()]],
            dropped: 0,
            hidden: 0,
            method: vec![],
        };
        let mark = CsvMark { notice_number: "U-2026-0001-1", last_day: "2026-12-31".parse().unwrap() };
        let text = String::from_utf8(csv(&made, mark)).unwrap();
        assert_eq!(
            text,
            "\u{feff}通知番号,U-2026-0001-1,使用期限,2026-12-31\r\n年齢,人数,,\r\n90歳以上,12,,\r\n"
        );
    }
}
