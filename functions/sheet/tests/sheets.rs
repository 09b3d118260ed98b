//! Every sheet at its shortest and at its longest, read back from the PDF.

mod support;

use lopdf::Object;
use proptest::prelude::*;
use shared::sheet::{
    AfterUse, DataUseApplication, DataUseNotice, Decision, IncidentReport, Medium, Moment, Sheet,
};
use sheet::{Press, PressError};
use support::{Paper, fonts, press, samples};

#[test]
fn every_sheet_fits_on_one_page_and_embeds_its_fonts() {
    for sheet in samples::all() {
        let paper = Paper::of(&sheet);
        assert_eq!(paper.pages(), 1, "{}", sheet.title());
        let fonts = paper.fonts();
        assert!(fonts.iter().any(|font| font.name.contains("BIZUDMincho")), "{fonts:?}");
        assert!(fonts.iter().all(|font| font.embedded), "{fonts:?}");
        assert!(paper.text().contains(sheet.title()), "{}", paper.text());
        assert!(paper.text().contains(&format!("受付番号{}", sheet.number())), "{}", paper.text());
        assert!(paper.bytes.len() < 300_000, "{} bytes", paper.bytes.len());
    }
}

#[test]
fn every_sheet_can_be_empty() {
    for sheet in samples::empty() {
        let paper = Paper::of(&sheet);
        assert_eq!(paper.pages(), 1, "{}", sheet.title());
        assert!(!paper.text().contains('〓'), "{}", paper.text());
        assert!(paper.text().contains("年月日"), "{}", paper.text());
        assert!(paper.text().contains("備考用紙の大きさは、日本工業規格Ａ４とする。"), "{}", paper.text());
    }
}

#[test]
fn full_boxes_stay_on_one_page_and_the_rest_follows() {
    for sheet in samples::endless() {
        let annexes = sheet.split().annexes.len();
        let paper = Paper::of(&sheet);
        assert!(annexes >= 3, "{annexes} annexes of {}", sheet.title());
        assert_eq!(paper.pages(), 1 + annexes, "{}", sheet.title());
        let front = paper.text_of(1);
        assert!(front.contains("（別紙に続く）"), "{front}");
        assert!(front.contains("備考用紙の大きさは"), "{front}");
        assert!(paper.text_of(2).contains(&format!("別紙{}", sheet.title())), "{}", paper.text_of(2));
    }
}

#[test]
fn long_annexes_have_many_pages_and_lose_nothing() {
    let course: String = (1..=400).map(|n| format!("第{n}報。回線を確認した。\n")).collect();
    let paper = Paper::of(&Sheet::IncidentReport(IncidentReport { course, ..Default::default() }));
    assert!(paper.pages() > 5, "{} pages", paper.pages());
    for n in [1, 2, 199, 400] {
        assert!(paper.text().contains(&format!("第{n}報。")), "{n}");
    }
}

#[test]
fn fields_stand_in_the_order_of_the_policy() {
    let order = [
        &[
            "様式第１（第１５条関係）",
            "データ使用許可申請書",
            "年月日",
            "（宛先）小牧市長",
            "施設名",
            "代表者名",
            "印",
            "記録されているデータの使用許可について、以下のとおり申請します。",
            "申請者",
            "（代表者と異なる場合のみ）",
            "件名",
            "使用目的",
            "処理内容",
            "保存媒体",
            "□ＣＤ－Ｒ□ＤＶＤ□ＵＳＢメモリ",
            "□ﾊｰﾄﾞﾃﾞｨｽｸ□その他（",
            "使用後の措置",
            "□自動保管□返却□消去",
            "□その他（",
            "使用期間年月日～年月日",
            "実施日年月日",
            "備考",
            "添付資料",
            "備考用紙の大きさは、日本工業規格Ａ４とする。",
        ][..],
        &[
            "様式第２（第１５条関係）",
            "データ使用許可決定・却下通知書",
            "年月日",
            "様",
            "小牧市長印",
            "年月日付けで申し込みがありましたデータ使用許可については、下記のとおり決定・却下します。",
            "記",
            "申請者",
            "（利用者）",
            "データ提供日年月日から",
            "却下理由",
            "備考",
            "注意データの提供を受ける際には、小牧市に本通知を提示してください。",
            "備考用紙の大きさは、日本工業規格Ａ４とする。",
        ],
        &[
            "様式第３（第１８条関係）",
            "システム障害・情報漏えい事故報告書",
            "年月日",
            "（宛先）小牧市長",
            "印",
            "みだしのことにつきまして、以下のとおり報告します。",
            "発見日時",
            "発見箇所",
            "発生日時",
            "内容",
            "影響範囲",
            "復旧・対応日時",
            "経過",
            "原因",
            "処置",
            "備考",
            "添付資料",
            "備考用紙の大きさは、日本工業規格Ａ４とする。",
        ],
    ];
    for (sheet, words) in samples::empty().iter().zip(order) {
        let text = Paper::of(sheet).text();
        let mut rest = text.as_str();
        for word in words {
            let Some((_, after)) = rest.split_once(word) else { panic!("{word} is not in {rest}") };
            rest = after;
        }
    }
}

#[test]
fn what_people_write_is_never_markup() {
    let nasty = "#panic(\"x\") $x$ *太字* _斜体_ \\ @ref <label> `raw` = 見出し - 項 // 注 /* 注 */ #import \"a\" ~ -- ... \"引用\" [x] {y} https://example.jp/";
    let form = DataUseApplication { subject: "#panic()".into(), purpose: nasty.into(), ..Default::default() };
    let paper = Paper::of(&Sheet::DataUseApplication(form));
    let expected: String = nasty.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(paper.text().contains("#panic()"), "{}", paper.text());
    assert!(paper.text().contains(&expected), "{}", paper.text());
}

#[test]
fn letters_that_no_font_has_leave_a_visible_mark() {
    let text = Paper::of(&samples::rare()).text();
    assert!(text.contains("〓野〓が葛"), "{text}");
    assert!(text.contains("髙﨑①"), "{text}");
    assert!(text.contains("〓は、この書体にない文字です。"), "{text}");
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    for sheet in samples::all() {
        let first = press().pdf(&sheet).unwrap();
        let again = Press::new(&fonts()).unwrap().pdf(&sheet).unwrap();
        assert!(first == again, "{}", sheet.title());
    }
}

#[test]
fn sheets_are_printed_at_the_same_time() {
    let sheets = samples::all();
    let alone: Vec<_> = sheets.iter().map(|sheet| press().pdf(sheet).unwrap()).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for (sheet, alone) in sheets.iter().zip(&alone) {
                    assert!(press().pdf(sheet).unwrap() == *alone, "{}", sheet.title());
                }
            });
        }
    });
}

#[test]
fn an_archived_sheet_says_so_and_bears_its_own_date() {
    let paper = Paper::of(&samples::application());
    let text = String::from_utf8_lossy(&paper.bytes).into_owned();
    assert!(text.contains("pdfaid:part"), "no PDF/A");
    let info = paper.document.trailer.get(b"Info").and_then(Object::as_reference).unwrap();
    let info = paper.document.get_dictionary(info).unwrap();
    let date = info.get(b"CreationDate").and_then(Object::as_str).unwrap();
    assert!(date.starts_with(b"D:20261126"), "{}", String::from_utf8_lossy(date));
}

#[test]
fn the_letter_says_all_and_its_name_is_all_that_a_log_sees() {
    let sheet = samples::letter();
    let text = Paper::of(&sheet).text();
    for word in [
        "あおば訪問看護ステーション",
        "施設管理者佐藤一郎様",
        "山田花子様",
        "yamada-h",
        "abcd-efgh-jkmn-pqrs",
        "2026年12月10日まで",
        "https://tsunagaru.example.jp/",
        "1.右のQRコードを読み取るか、",
        "4.スマートフォンの認証アプリか",
        "細断してください。",
    ] {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    assert_eq!(format!("{sheet:?}"), "SealedLetter(SealedLetter(R8-0012))");
}

#[test]
fn the_longest_letter_is_one_page() {
    let letter = samples::long_letter();
    let paper = Paper::of(&Sheet::SealedLetter(letter.clone()));
    assert_eq!(paper.pages(), 1);
    assert!(paper.text().contains(&letter.password), "{}", paper.text());
    assert!(paper.text().contains(&letter.address), "{}", paper.text());
}

#[test]
fn a_sheet_without_end_is_refused() {
    let form = IncidentReport { course: "あ".repeat(100_000), ..Default::default() };
    let refused = press().pdf(&Sheet::IncidentReport(form));
    assert!(matches!(refused, Err(PressError::TooLong(_))));
    assert!(matches!(Press::new("nowhere".as_ref()), Err(PressError::Font(..))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_text_can_be_printed(
        texts in prop::collection::vec("([あ-んァ-ヶ一-龠、。「」a-z0-9 .\n]{0,300}|\\PC{0,200})", 9),
        names in prop::collection::vec("\\PC{0,60}", 3),
        medium in prop::sample::subsequence(Medium::ALL, 0..=5),
        decision in prop::option::of(prop::sample::select(Decision::ALL)),
    ) {
        let text = |n: usize| texts[n].clone();
        let moment = |n: usize| Moment { at: None, words: text(n) };
        let sheets = [
            Sheet::DataUseApplication(DataUseApplication {
                number: names[0].clone(), facility: names[1].clone(), representative: names[2].clone(), applicant: Some(text(0)),
                subject: text(1), purpose: text(2), processing: text(3), media: medium.into_iter().collect(), other_medium: text(4),
                after_use: [AfterUse::Other].into(), other_measure: text(5), remarks: text(6), attached: text(7),
                date: samples::application().date(), ..Default::default()
            }),
            Sheet::DataUseNotice(DataUseNotice {
                addressee: text(0), city: names[0].clone(), decision, applicant: text(1), reason: text(2), remarks: text(3),
                date: samples::application().date(), ..Default::default()
            }),
            Sheet::IncidentReport(IncidentReport {
                reporter: text(0), found_at: moment(1), found_where: text(2), occurred_at: moment(3), content: text(4), affected: text(5),
                recovered_at: moment(6), course: text(7), cause: text(8), measures: text(0), remarks: text(1), attached: text(2),
                date: samples::application().date(), ..Default::default()
            }),
        ];
        for sheet in sheets {
            let paper = Paper::of(&sheet);
            let annexes = sheet.split().annexes.len();
            prop_assert!(paper.text_of(1).contains("備考用紙の大きさは"), "{} spills over", sheet.title());
            prop_assert_eq!(paper.pages() > 1, annexes > 0);
        }
    }
}

#[test]
fn every_runbook_can_be_printed_and_loses_no_command() {
    for book in shared::evidence::runbook::Runbook::all().unwrap() {
        let paper = Paper::of(&functions::evidence::runbooks::typeset::sheet(&book));
        assert!((1..=6).contains(&paper.pages()), "{}: {} pages", book.name, paper.pages());
        let text = paper.text();
        assert!(text.contains("運転手順書") && !text.contains('〓'), "{}: {text}", book.name);
        let squeezed = |text: &str| text.replace([' ', '　', '\u{a0}'], "");
        for command in ["cargoxtaskverify", "awss3api", "curl--silent"] {
            let there = squeezed(book.body).contains(command);
            assert!(!there || squeezed(&text).contains(command), "{}: {command}", book.name);
        }
    }
}
