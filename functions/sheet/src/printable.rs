//! Letters that can be printed. What the fonts lack must not vanish from an official paper: 〓 (ゲタ) stands for it,
//! as printers have always done.

use crate::fonts::Fonts;
use shared::sheet::Pages;
use std::cell::Cell;

/// Stands for a letter that the fonts lack.
const GETA: char = '〓';

/// Makes every line printable; whether any letter had to be replaced.
pub fn make(pages: &mut Pages, fonts: &Fonts) -> bool {
    let replaced = Cell::new(false);
    pages.map_lines(|line| {
        let (text, missing) = printable(line, fonts);
        *line = text;
        replaced.set(replaced.get() || missing);
    });
    replaced.get()
}

fn printable(line: &str, fonts: &Fonts) -> (String, bool) {
    let mut out = String::with_capacity(line.len());
    let mut missing = false;
    for letter in line.chars() {
        let before = out.chars().next_back();
        match (before, letter) {
            // File names of a Mac have the voicing mark as a letter of its own.
            (Some(base), '\u{3099}' | '\u{309a}') if voiced(base, letter).is_some_and(|c| fonts.have(c)) => {
                out.pop();
                out.extend(voiced(base, letter));
            }
            (Some(base), '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') => {
                if fonts.have_form(base, letter) {
                    out.push(letter);
                }
            }
            _ if is_invisible(letter) => {}
            _ if fonts.have(letter) => out.push(letter),
            _ => {
                out.push(GETA);
                missing = true;
            }
        }
    }
    (out, missing)
}

/// Letters that only steer how others are shown. Among them are those that turn the direction of a line around,
/// with which a text could pretend to be another.
const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\0'..='\x1f' | '\x7f'..='\u{9f}')
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// 「か」 and a mark as 「が」.
fn voiced(base: char, mark: char) -> Option<char> {
    let steps = match (base, mark) {
        ('う' | 'ウ', '\u{3099}') => 78,
        ('か'..='ぢ' | 'カ'..='ヂ', '\u{3099}') if u32::from(base) % 2 == 1 => 1,
        ('つ' | 'て' | 'と' | 'ツ' | 'テ' | 'ト' | 'ゝ' | 'ヽ', '\u{3099}') => 1,
        ('は' | 'ひ' | 'ふ' | 'へ' | 'ほ' | 'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', _) => {
            if mark == '\u{3099}' { 1 } else { 2 }
        }
        _ => return None,
    };
    char::from_u32(u32::from(base) + steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voicing_marks_join_their_letters() {
        for (base, mark, whole) in [
            ('か', '\u{3099}', 'が'),
            ('ヂ', '\u{3099}', 'x'),
            ('ツ', '\u{3099}', 'ヅ'),
            ('ト', '\u{3099}', 'ド'),
            ('は', '\u{3099}', 'ば'),
            ('ホ', '\u{309a}', 'ポ'),
            ('う', '\u{3099}', 'ゔ'),
            ('ウ', '\u{3099}', 'ヴ'),
            ('か', '\u{309a}', 'x'),
            ('A', '\u{3099}', 'x'),
        ] {
            assert_eq!(voiced(base, mark).unwrap_or('x'), whole, "{base}");
        }
    }
}
