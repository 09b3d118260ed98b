//! How much of a text fits into a box of paper. The fonts of the sheets give a Japanese letter the whole width and
//! a letter of ASCII half of it, so lines can be counted without a font.

use crate::text::clean;

/// Stands at the end of a text that goes on in an annex.
pub const CONTINUED: &str = "（別紙に続く）";

/// Runs of letters up to this width stay together; what is longer (an address on the web) may break anywhere.
const WORD_HALVES_MAX: usize = 24;
/// What must not begin a line (行頭禁則).
const NOT_FIRST: &str = "、。，．・：；？！゛゜ヽヾゝゞ々ー」』）］｝〕〉》】’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!)]}％℃…";
/// What must not end a line (行末禁則).
const NOT_LAST: &str = "「『（［｛〔〈《【‘“([{￥＃";
/// How far back a break is sought; a line of nothing but brackets breaks anywhere.
const BACK_MAX: usize = 8;

/// A box of paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Japanese letters in a line.
    pub letters: usize,
    /// Lines.
    pub lines: usize,
}

impl Room {
    /// So many letters in so many lines.
    pub const fn new(letters: usize, lines: usize) -> Self {
        Self { letters, lines }
    }

    /// The lines of the box, and whether the text goes on elsewhere: then its beginning and [`CONTINUED`].
    pub fn put(self, text: &str) -> (Vec<String>, bool) {
        let text = clean(text);
        let mut all = lines(&text, self.letters);
        if all.len() <= self.lines {
            return (all, false);
        }
        all.truncate(self.lines);
        if let Some(last) = all.last_mut() {
            let free = (2 * self.letters).saturating_sub(halves(CONTINUED));
            // An opening bracket in front of ours would open nothing.
            while halves(last) > free || last.ends_with(|letter| NOT_LAST.contains(letter)) {
                last.pop();
            }
            last.push_str(CONTINUED);
        }
        (all, true)
    }
}

/// A text in lines of so many Japanese letters. Line ends of the text stay; words and punctuation are kept together
/// as Japanese typesetting asks, as long as that leaves a line. An empty text has no line.
pub fn lines(text: &str, letters: usize) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split('\n').flat_map(|paragraph| broken(paragraph, 2 * letters.max(1))).collect()
}

/// One paragraph in lines.
fn broken(paragraph: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = paragraph.replace('\t', "　").chars().collect();
    let mut out = Vec::new();
    let mut rest = letters.as_slice();
    loop {
        let end = fitting(rest, width);
        if end == rest.len() {
            out.push(rest.iter().collect());
            return out;
        }
        let cut = cut_before(rest, end);
        out.push(rest[..cut].iter().collect::<String>().trim_end_matches(' ').to_owned());
        rest = &rest[cut..];
        // The space between two words is the line's end.
        while rest.first() == Some(&' ') {
            rest = &rest[1..];
        }
        if rest.is_empty() {
            return out;
        }
    }
}

/// How many letters fit into a line; at least one.
fn fitting(letters: &[char], width: usize) -> usize {
    let mut used = 0;
    for (index, letter) in letters.iter().enumerate() {
        used += half_widths(*letter);
        if used > width {
            return index.max(1);
        }
    }
    letters.len()
}

/// The last place at or before `end` where a line may break, or `end`.
fn cut_before(letters: &[char], end: usize) -> usize {
    let mut punctuation = 0;
    let mut at = end;
    while at > 0 && end - at <= WORD_HALVES_MAX && punctuation <= BACK_MAX {
        let (before, after) = (letters[at - 1], letters[at]);
        if !is_word(before, after) {
            if !NOT_LAST.contains(before) && !NOT_FIRST.contains(after) && !is_mark(after) {
                return at;
            }
            punctuation += 1;
        }
        at -= 1;
    }
    // Nowhere to break: but never between a letter and its mark.
    let joined =
        letters[..end].iter().rev().zip(letters[1..=end].iter().rev()).take_while(|(_, a)| is_mark(**a));
    let without_marks = end - joined.count();
    if without_marks == 0 { end } else { without_marks }
}

fn is_word(before: char, after: char) -> bool {
    before.is_ascii_graphic() && after.is_ascii_graphic()
}

/// Marks that belong to the letter before them: combining voicing marks, variation selectors, joiners.
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The width of a text in halves of a Japanese letter.
pub(super) fn halves(text: &str) -> usize {
    text.chars().map(half_widths).sum()
}

/// ASCII and the half-width katakana are one half wide; other letters count as whole ones, which is never too little.
const fn half_widths(letter: char) -> usize {
    match letter {
        ' '..='~' | '｡'..='ﾟ' => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_as_wide_as_the_paper() {
        assert_eq!(lines("あいうえおかきくけこ", 4), ["あいうえ", "おかきく", "けこ"]);
        assert_eq!(lines("ｱｲｳｴｵ", 2), ["ｱｲｳｴ", "ｵ"]);
        assert_eq!(lines("一\n\n二", 4), ["一", "", "二"]);
        assert!(lines("", 4).is_empty());
    }

    #[test]
    fn punctuation_and_words_stay_together() {
        assert_eq!(lines("あいうえ。おか", 4), ["あいう", "え。おか"]);
        assert_eq!(lines("あいう「えお」", 4), ["あいう", "「えお」"]);
        assert_eq!(lines("端末 ABC-12 を交換", 6), ["端末 ABC-12", "を交換"]);
        assert_eq!(lines("ああか\u{3099}", 3), ["ああ", "か\u{3099}"]);
        assert_eq!(lines(&"。".repeat(9), 4).len(), 3);
        assert_eq!(lines(&"a".repeat(100), 25).len(), 2);
    }

    #[test]
    fn what_is_too_long_says_that_it_goes_on() {
        let room = Room::new(10, 2);
        assert_eq!(room.put(&"あ".repeat(20)), (vec!["あ".repeat(10); 2], false));
        let (front, more) = room.put(&"あ".repeat(21));
        assert!(more);
        assert_eq!(front, ["あ".repeat(10), format!("あああ{CONTINUED}")]);
        assert_eq!(room.put(&"（".repeat(30)).0[1], CONTINUED);
        assert_eq!(room.put("一\n二\n三").0[1], format!("二{CONTINUED}"));
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(text in "[あ-んア-ン一-龠、。「」ー a-z.\n\t🈲\u{3099}]{0,200}", letters in 1_usize..40) {
            let broken = lines(&text, letters);
            for line in &broken {
                prop_assert!(halves(line) <= 2 * letters || line.chars().count() == 1, "{line}");
            }
            let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(visible(&broken.concat()), visible(&text));
        }

        #[test]
        fn a_box_never_overflows(text in "\\PC{0,300}", letters in 10_usize..40, lines in 1_usize..8) {
            let room = Room::new(letters, lines);
            let (front, more) = room.put(&text);
            prop_assert!(front.len() <= lines);
            prop_assert!(front.iter().all(|line| halves(line) <= 2 * letters));
            prop_assert_eq!(more, front.last().is_some_and(|line| line.ends_with(CONTINUED)) && more);
        }
    }
}
