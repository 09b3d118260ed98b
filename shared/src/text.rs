//! Texts that cannot be wrong: made once, through a check that says what is wrong in Japanese.

use crate::api::error::FieldError;

/// Longest text of a note, in characters.
pub const NOTE_MAX: usize = 20_000;
/// Longest reason for a retraction or a manual operation, in characters.
pub const REASON_MAX: usize = 500;
/// Longest name of an attached file, in characters.
pub const FILE_NAME_MAX: usize = 120;

/// Longest word for how somebody is related to a patient, in characters.
pub const RELATIONSHIP_MAX: usize = 40;

/// Cleans what a person typed: one kind of line end, no invisible control characters, no blank edges.
pub fn clean(typed: &str) -> String {
    let unified = typed.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unified.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect();
    kept.trim_end().trim_start_matches('\n').to_owned()
}

/// The cleaned text, if it has at least one visible character and at most `max` characters.
///
/// # Errors
/// The field's error, in Japanese, with the numbers.
pub fn required(field: &'static str, what: &str, typed: &str, max: usize) -> Result<String, FieldError> {
    let text = clean(typed);
    let length = text.chars().count();
    if text.trim().is_empty() {
        Err(FieldError::new(field, format!("{what}を入力してください。")))
    } else if length > max {
        Err(FieldError::new(field, format!("{what}は{max}文字までです（今は{length}文字）。")))
    } else {
        Ok(text)
    }
}

/// A file's name without folders, for showing and for saving again.
///
/// # Errors
/// The field's error, in Japanese.
pub fn file_name(field: &'static str, typed: &str) -> Result<String, FieldError> {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control() && !"<>:\"|?*".contains(*c)).collect();
    required(field, "ファイル名", name.trim().trim_start_matches('.'), FILE_NAME_MAX)
}

/// What was typed into one line: single spaces, none at the edges, whatever kind of space it was.
pub fn one_line(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Hiragana for katakana; everything else stays.
pub fn hiragana(text: &str) -> String {
    text.chars().map(to_hiragana).collect()
}

const fn to_hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => match char::from_u32(c as u32 - 0x60) {
            Some(hiragana) => hiragana,
            None => c,
        },
        _ => c,
    }
}

/// Hiragana for katakana, so that a search finds a name however its reading was typed; other letters stay.
pub fn fold_kana(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).map(to_hiragana).collect()
}

/// A reading as it is stored: hiragana for katakana, the gap between family and given name kept as one space.
pub fn fold_kana_spaced(text: &str) -> String {
    text.split_whitespace().map(fold_kana).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_characters_not_bytes() {
        assert!(required("text", "本文", &"あ".repeat(NOTE_MAX), NOTE_MAX).is_ok());
        let error = required("text", "本文", &"あ".repeat(NOTE_MAX + 1), NOTE_MAX).unwrap_err();
        assert_eq!(error.message, "本文は20000文字までです（今は20001文字）。");
        assert!(required("text", "本文", " \u{3000}\n\t ", NOTE_MAX).is_err());
    }

    #[test]
    fn control_characters_go_and_lines_stay() {
        assert_eq!(clean("一行目\r\n二行目\u{0}\u{7}\r三行目\n\n"), "一行目\n二行目\n三行目");
    }

    #[test]
    fn names_have_no_folders() {
        assert_eq!(file_name("name", "C:\\写真\\褥瘡 1.jpg").unwrap(), "褥瘡 1.jpg");
        assert_eq!(file_name("name", "../../.bashrc").unwrap(), "bashrc");
        assert!(file_name("name", "../").is_err());
    }

    #[test]
    fn kana_fold() {
        assert_eq!(fold_kana("ヤマダ　ハナコ"), "やまだはなこ");
        assert_eq!(hiragana(&one_line(" ヤマダ　 ハナコ ")), "やまだ はなこ");
    }
}
