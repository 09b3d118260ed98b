//! コード要件: what a user id and a password must look like (Art. 13(1); requirements §2, 2).

use crate::text::fold_kana;

/// Shortest and longest user id, in characters.
pub const USER_ID_MIN: usize = 4;
/// See [`USER_ID_MIN`].
pub const USER_ID_MAX: usize = 32;
/// Shortest password, in characters: enough even where it were the only factor.
pub const PASSWORD_MIN: usize = 13;
/// Longest password, in characters: a bound on the work of hashing, far above any passphrase.
pub const PASSWORD_MAX: usize = 128;

/// Beginnings of what everybody tries first; compared without case and after undoing the usual swaps of letters.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "qwerty",
    "asdfgh",
    "zxcvbn",
    "letmein",
    "welcome",
    "admin",
    "iloveyou",
    "sakura",
    "tsunagaru",
    "komaki",
    "nurse",
    "kango",
    "kaigo",
    "renraku",
    "himitsu",
    "abcdef",
    "123456",
    "000000",
];

/// Whether a text can be a user id: small letters, digits, `-`, beginning with a letter.
pub fn is_user_id(text: &str) -> bool {
    (USER_ID_MIN..=USER_ID_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && text.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
}

/// Why a password is refused, in Japanese; `None` when it is good. `known` are words tied to the person: user
/// id, name, reading, birthday, facility.
pub fn weak_password(password: &str, known: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Some(format!("パスワードは{PASSWORD_MIN}文字以上にしてください（今は{length}文字）。"));
    }
    if length > PASSWORD_MAX {
        return Some(format!("パスワードは{PASSWORD_MAX}文字までです。"));
    }
    let letters = password.chars().any(char::is_alphabetic);
    let digits = password.chars().any(|c| c.is_ascii_digit());
    let symbols = password.chars().any(|c| !c.is_alphanumeric());
    if !(letters && digits && symbols) {
        return Some("英字・数字・記号をそれぞれ1文字以上使ってください。".into());
    }
    let folded = fold_kana(password);
    let unswapped: String = folded
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            _ => c,
        })
        .collect();
    if COMMON.iter().any(|word| folded.contains(word) || unswapped.contains(word)) {
        return Some("推測されやすい言葉が入っています。別の言葉にしてください。".into());
    }
    let own = known
        .iter()
        .map(|word| fold_kana(word))
        .find(|word| word.chars().count() >= 3 && folded.contains(word));
    if own.is_some() {
        return Some("氏名・ユーザーID・誕生日などは使えません。".into());
    }
    let distinct = folded.chars().collect::<std::collections::BTreeSet<_>>().len();
    (distinct < 6).then(|| "同じ文字の繰り返しが多すぎます。".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        let weak = |p: &str| weak_password(p, &["yamada-h", "ヤマダハナコ", "19580401"]).is_some();
        for bad in [
            "short-1a",
            "P@ssw0rd-P@ssw0rd-1",
            "yamada-h-2026-x!",
            "やまだはなこ-9a-xyz",
            "x19580401-zzzabc!",
            "aaaaaaaaaaaa1!",
            "onlyletters-nodigit",
            "NoSymbols12345678xyz",
            &"ab1!".repeat(40),
        ] {
            assert!(weak(bad), "{bad}");
        }
        for good in ["Mizu-no-oto 27 kaeru", "t7#Kq9-vLw2xZp"] {
            assert!(!weak(good), "{good}");
        }
    }

    #[test]
    fn user_ids() {
        for good in ["kmk-0123", "abcd"] {
            assert!(is_user_id(good), "{good}");
        }
        for bad in ["abc", "0abc", "Abcd", "a b c", "ａｂｃｄ", "", "a#bcd"] {
            assert!(!is_user_id(bad), "{bad}");
        }
    }
}
