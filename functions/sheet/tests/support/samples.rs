//! Sheets as the city would print them, and at the edges.

use shared::{
    calendar::Day,
    people::{PASSWORD_MAX, USER_ID_MAX},
    sheet::{
        AfterUse, DataUseApplication, DataUseNotice, Decision, ErasureCertificate, IncidentReport, Medium,
        Moment, SealedLetter, Sheet,
    },
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn moment(text: &str, words: &str) -> Moment {
    Moment { at: text.parse().ok(), words: words.into() }
}

/// One of each, as it may be on any day.
pub fn all() -> Vec<Sheet> {
    vec![
        application(),
        notice(Decision::Granted),
        notice(Decision::Refused),
        incident(),
        certificate(),
        letter(),
    ]
}

/// The three forms with nothing but the city.
pub fn empty() -> Vec<Sheet> {
    let city = "小牧市".to_owned();
    vec![
        Sheet::DataUseApplication(DataUseApplication { city: city.clone(), ..Default::default() }),
        Sheet::DataUseNotice(DataUseNotice { city: city.clone(), ..Default::default() }),
        Sheet::IncidentReport(IncidentReport { city, ..Default::default() }),
        Sheet::ErasureCertificate(ErasureCertificate::default()),
    ]
}

/// The three forms with every text too long.
pub fn endless() -> Vec<Sheet> {
    let text = || {
        "訪問看護と介護の連携において、記録の内容を確認し、必要な処置を行った（詳細は次のとおり）。"
            .repeat(14)
    };
    let moment = || Moment { at: "2026-11-26T05:05:00Z".parse().ok(), words: text() };
    let date = Some(day("2026-11-26"));
    vec![
        Sheet::DataUseApplication(DataUseApplication {
            date,
            facility: text(),
            representative: text(),
            applicant: Some(text()),
            subject: text(),
            purpose: text(),
            processing: text(),
            media: Medium::ALL.iter().copied().collect(),
            other_medium: text(),
            after_use: AfterUse::ALL.iter().copied().collect(),
            other_measure: text(),
            remarks: text(),
            attached: text(),
            ..application_form()
        }),
        Sheet::DataUseNotice(DataUseNotice {
            date,
            addressee: text(),
            applicant: text(),
            reason: text(),
            remarks: text(),
            ..notice_form(Decision::Refused)
        }),
        Sheet::IncidentReport(IncidentReport {
            date,
            reporter: text(),
            found_at: moment(),
            found_where: text(),
            occurred_at: moment(),
            content: text(),
            affected: text(),
            recovered_at: moment(),
            course: text(),
            cause: text(),
            measures: text(),
            remarks: text(),
            attached: text(),
            ..incident_form()
        }),
        Sheet::ErasureCertificate(ErasureCertificate {
            date,
            addressee: text(),
            issuer: text(),
            object: text(),
            ground: text(),
            method: text(),
            permitted: text(),
            erased: text(),
            live: text(),
            checked: text(),
            reached: text(),
            kept: text(),
            remarks: text(),
            number: "E-2031-0001".into(),
        }),
    ]
}

/// A certificate of one day.
pub fn certificate() -> Sheet {
    Sheet::ErasureCertificate(ErasureCertificate {
        number: "E-2031-0324".into(),
        date: Some(day("2031-11-20")),
        addressee: "システム運用者（ヘルプデスク）".into(),
        issuer: "株式会社連携システム\nシステム管理者　鈴木　健".into(),
        object: "2026年11月20日に送られたデータ".into(),
        ground: "第23条(1)の保管期間（5年）が、2031年11月19日に終わりました。".into(),
        method: "暗号鍵の破棄（鍵の正副2つの写しを削除）と、データベース・添付ファイルの削除".into(),
        permitted: "2031年11月20日 10時00分　運用管理責任者　高橋　誠".into(),
        erased: "2031年11月20日 10時05分　システム管理者　鈴木　健".into(),
        live: "発信簿 2件（連絡 2件）、既読 1件、添付 0件".into(),
        checked: "61世代、61オブジェクト版、61箱（すべて開けないことを確認）".into(),
        reached: "日次 2026-11-20 01ABCDEFGHJKMNPQRSTVWXYZ00".into(),
        kept: "erasure/days/2026-11-20.json".into(),
        remarks: String::new(),
    })
}

pub fn application() -> Sheet {
    Sheet::DataUseApplication(application_form())
}

fn application_form() -> DataUseApplication {
    DataUseApplication {
        number: "R8-0031".into(),
        date: Some(day("2026-11-26")),
        city: "小牧市".into(),
        facility: "医療法人あおば会　あおば訪問看護ステーション".into(),
        representative: "佐藤　一郎".into(),
        applicant: Some("山田　花子（看護師）".into()),
        subject: "在宅療養者の褥瘡の発生状況に関する調査".into(),
        purpose: "市内の在宅療養者における褥瘡の発生と改善の経過を調べ、訪問看護の手順を見直す資料とする。結果は医療・介護連携推進協議会で報告する。".into(),
        processing: "2025年4月から2026年9月までの連絡帳の記録のうち、褥瘡に関する観察記録を抽出し、個人が特定できないように加工したうえで、月別・要介護度別に件数を集計する。\n1. 抽出（氏名・住所・生年月日を除く）\n2. 年齢を5歳階級に置換え\n3. 集計表の作成".into(),
        media: [Medium::Dvd, Medium::Other].into(),
        other_medium: "暗号化した送信".into(),
        after_use: [AfterUse::Erased].into(),
        from: Some(day("2026-12-01")),
        to: Some(day("2027-03-31")),
        done_on: Some(day("2026-12-10")),
        remarks: "データは施設内の施錠できる部屋でのみ使用する。".into(),
        attached: "調査計画書　1部\n情報の取扱いに関する誓約書　1部".into(),
        ..Default::default()
    }
}

fn notice(decision: Decision) -> Sheet {
    Sheet::DataUseNotice(notice_form(decision))
}

fn notice_form(decision: Decision) -> DataUseNotice {
    let granted = decision == Decision::Granted;
    DataUseNotice {
        number: "R8-0031".into(),
        date: Some(day("2026-12-03")),
        addressee: "医療法人あおば会　あおば訪問看護ステーション\n佐藤　一郎".into(),
        city: "小牧市".into(),
        applied_on: Some(day("2026-11-26")),
        decision: Some(decision),
        applicant: "山田　花子（あおば訪問看護ステーション　看護師）".into(),
        supplied_from: granted.then(|| day("2026-12-10")),
        reason: if granted {
            String::new()
        } else {
            "使用目的に照らして、抽出する項目が必要な範囲を超えているため。".into()
        },
        remarks: if granted {
            "提供は、暗号化したファイルによる。".into()
        } else {
            String::new()
        },
    }
}

fn incident() -> Sheet {
    Sheet::IncidentReport(incident_form())
}

fn incident_form() -> IncidentReport {
    IncidentReport {
        number: "R8-0044".into(),
        date: Some(day("2026-11-27")),
        city: "小牧市".into(),
        reporter: "株式会社つながる運用センター\nシステム管理者　鈴木　次郎".into(),
        found_at: moment("2026-11-26T00:12:00Z", ""),
        found_where: "運用センターの監視画面（応答時間の警告）".into(),
        occurred_at: moment("2026-11-26T00:05:00Z", "（推定）"),
        content: "連絡帳の画面が開けない、または開くまでに30秒以上かかる状態が続いた。利用者からの電話は6件。データの消失、漏えいはない。".into(),
        affected: "市内の全施設（48施設、利用者312人）".into(),
        recovered_at: moment("2026-11-26T01:40:00Z", "復旧を確認"),
        course: "9時12分　警告を検知、市へ電話で連絡\n9時30分　アクセス記録と現状を保全\n10時05分　暫定処置（処理数の上限を引き上げ）\n10時40分　復旧を確認、ポータルに掲載".into(),
        cause: "定期処理と朝の利用が重なり、同時に処理できる数の上限に達した。".into(),
        measures: "上限を2倍にした。定期処理を深夜に移す（12月5日までに実施）。".into(),
        remarks: String::new(),
        attached: "アクセス記録の写し　1部".into(),
    }
}

/// A letter whose code is the pattern of a chess board within three corners.
pub fn letter() -> Sheet {
    Sheet::SealedLetter(usual_letter())
}

/// A letter with the longest codes and long names.
pub fn long_letter() -> SealedLetter {
    SealedLetter {
        postal: "〒485-0012 小牧市堀の内3丁目1番地 小牧市医療介護総合センター東棟4階".into(),
        facility: "医療法人".repeat(10),
        name: "ながい".repeat(8),
        user_id: "w".repeat(USER_ID_MAX),
        password: "m".repeat(PASSWORD_MAX),
        address: format!("https://{}.example.jp/signin", "tsunagaru-komaki-".repeat(4)),
        ..usual_letter()
    }
}

/// Letters that fonts often lack, voicing marks of their own, forms of a letter, and a turned direction.
pub fn rare() -> Sheet {
    let cause =
        "𠮷野🈲か\u{3099}葛\u{e0100}葛\u{e0101}髙﨑\u{202e}①\u{7}\nABC　‘引用’　“x”　é　Ω　ㇰ　㈱　～〜"
            .into();
    Sheet::IncidentReport(IncidentReport { cause, ..incident_form() })
}

fn usual_letter() -> SealedLetter {
    let side = 33;
    let dark = |x: usize, y: usize| {
        let corner = |x0: usize, y0: usize| {
            let far = |a: usize, b: usize| a.abs_diff(b);
            let ring = far(x, x0 + 3).max(far(y, y0 + 3));
            (ring <= 3).then_some(ring != 2)
        };
        let inside = (4..29).contains(&x) && (4..29).contains(&y);
        let found = corner(4, 4).or_else(|| corner(22, 4)).or_else(|| corner(4, 22));
        found.unwrap_or(inside && (x * y + x / 3).is_multiple_of(2))
    };
    SealedLetter {
        number: "R8-0012".into(),
        date: day("2026-11-26"),
        postal: "〒485-0012 小牧市堀の内3丁目1番地 小牧市医療介護総合センター東棟4階".into(),
        facility: "あおば訪問看護ステーション".into(),
        addressee: "施設管理者　佐藤　一郎 様".into(),
        name: "山田　花子".into(),
        user_id: "yamada-h".into(),
        password: "abcd-efgh-jkmn-pqrs".into(),
        last_day: day("2026-12-10"),
        address: "https://tsunagaru.example.jp/".into(),
        qr: (0..side).map(|y| (0..side).map(|x| dark(x, y)).collect()).collect(),
        sender: "小牧市　福祉部　地域包括ケア推進課".into(),
    }
}
