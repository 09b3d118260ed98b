//! 封書: the sealed letter with a user id and a first password (Art. 13(1)).

use super::{page::Pages, room::Room};
use crate::{api::procedure::Letter, calendar::Day, people::QrCode, text::one_line};
use serde::{Deserialize, Serialize};

/// The letter. It lives as long as it is being printed: the password is kept nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedLetter {
    /// 受付番号.
    pub number: String,
    /// The day of the letter.
    pub date: Day,
    /// The facility's postal address; empty where it is not known.
    #[serde(default)]
    pub postal: String,
    /// The facility it is sent to.
    pub facility: String,
    /// To whom, with title and 様.
    pub addressee: String,
    /// The user's name.
    pub name: String,
    /// ユーザーID.
    pub user_id: String,
    /// The first password.
    pub password: String,
    /// The last day on which it works.
    pub last_day: Day,
    /// The address of the sign-in page.
    pub address: String,
    /// The same for a camera, row by row with the quiet zone; `true` is dark.
    pub qr: Vec<Vec<bool>>,
    /// Who sends it.
    pub sender: String,
}

impl std::fmt::Debug for SealedLetter {
    // The letter's password must not reach a log, not even by accident.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedLetter({})", self.number)
    }
}

/// The boxes, in letters and lines.
mod rooms {
    use super::Room;
    pub const POSTAL: Room = Room::new(24, 2);
    pub const ADDRESSEE: Room = Room::new(20, 2);
    pub const SENDER: Room = Room::new(18, 2);
    pub const NAME: Room = Room::new(24, 2);
    pub const CODE: Room = Room::new(19, 4);
    pub const INTRO: Room = Room::new(44, 2);
    pub const STEP: Room = Room::new(31, 4);
    pub const WARNING: Room = Room::new(38, 4);
}

impl SealedLetter {
    /// What the letter is called.
    pub const TITLE: &'static str = "連絡帳のユーザーIDと初回パスワードのお知らせ";

    /// What follows the user's name at the beginning.
    pub const INTRO: &'static str =
        "さんのユーザーIDと初回パスワードです。この用紙をご本人に渡してください。";

    /// How the first sign-in goes, after the step that opens the page.
    pub const STEPS: [&'static str; 3] = [
        "上のユーザーIDと初回パスワードを入力します（英字はすべて小文字です）。",
        "自分だけが知っているパスワードを決めます。",
        "スマートフォンの認証アプリか、この端末のパスキーを登録し、回復コードを控えます。",
    ];
    /// What the reader must know at the end.
    pub const WARNING: &'static str = "初回パスワードは一度使うと使えなくなります。ほかの人が先に使った場合（入力しても入れない場合）は、すぐに施設管理者を通じて市に知らせてください。この用紙は、サインインが終わったら細断してください。";

    /// The letter that the server made, dated today.
    pub fn of(letter: &Letter, today: Day) -> Self {
        Self {
            number: letter.case.number.clone(),
            date: today,
            postal: letter.postal.clone(),
            facility: letter.facility.clone(),
            addressee: letter.to_whom(),
            name: letter.name.clone(),
            user_id: letter.user_id.clone(),
            password: letter.password.clone(),
            last_day: letter.last_day,
            address: letter.address.clone(),
            qr: modules(&letter.qr),
            sender: letter.sender.clone(),
        }
    }

    /// The letter as it is printed. Nothing of it may be cut: names have lengths that fit, and a password that did
    /// not would go whole to an annex.
    pub fn split(&self) -> Pages {
        let mut pages = Pages::new(Self::TITLE);
        pages.line("number", one_line(&self.number));
        pages.line("date", self.date.in_full());
        pages.text("postal", "宛先", rooms::POSTAL, &self.postal);
        pages.text("facility", "宛名（施設）", rooms::ADDRESSEE, &self.facility);
        pages.text("addressee", "宛名", rooms::ADDRESSEE, &self.addressee);
        pages.text("sender", "差出人", rooms::SENDER, &self.sender);
        pages.text("name", "氏名", rooms::NAME, &format!("{} 様", self.name));
        pages.text("user_id", "ユーザーID", rooms::CODE, &self.user_id);
        pages.text("password", "初回パスワード", rooms::CODE, &self.password);
        pages.line("last_day", format!("{}まで", self.last_day.in_full()));
        pages.text("intro", "お知らせ", rooms::INTRO, &format!("{}{}", self.name, Self::INTRO));
        let open = format!("右のQRコードを読み取るか、 {} を開きます。", self.address);
        for (number, step) in (1..).zip([open.as_str()].into_iter().chain(Self::STEPS)) {
            pages.text(&format!("step{number}"), "はじめてのサインイン", rooms::STEP, step);
        }
        pages.text("warning", "ご注意", rooms::WARNING, Self::WARNING);
        pages
    }
}

/// The modules of a code from its path, which has one 「M列,行h1v1h-1z」 for each dark one.
fn modules(code: &QrCode) -> Vec<Vec<bool>> {
    let size = usize::try_from(code.size).unwrap_or_default();
    let mut rows = vec![vec![false; size]; size];
    for module in code.path.split('M') {
        let at = module.split_once('h').and_then(|(at, _)| at.split_once(','));
        let Some((Ok(x), Ok(y))) = at.map(|(x, y)| (x.parse::<usize>(), y.parse::<usize>())) else {
            continue;
        };
        if let Some(dark) = rows.get_mut(y).and_then(|row| row.get_mut(x)) {
            *dark = true;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_where_the_path_draws_them() {
        let code = QrCode { size: 3, path: "M1,0h1v1h-1zM2,2h1v1h-1zM9,9h1v1h-1z".into() };
        assert_eq!(
            modules(&code),
            [[false, true, false], [false, false, false], [false, false, true]].map(Vec::from)
        );
        assert!(modules(&QrCode { size: 0, path: "x".into() }).is_empty());
    }
}
