//! BIZ UDMincho and BIZ UDGothic: typefaces made to be told apart letter by letter, under the OFL.

use crate::PressError;
use std::{fs, path::Path};
use typst::{
    foundations::Bytes,
    layout::Abs,
    text::{Font, FontBook, FontInstance, FontVariant, FontVariations},
    utils::LazyHash,
};

/// The files that a press needs, below its folder of fonts. The lock file of this crate's `package.json` has their
/// hashes.
pub const FONTS: &[&str] = &[
    "biz-udmincho/400Regular/BIZUDMincho_400Regular.ttf",
    "biz-udgothic/400Regular/BIZUDGothic_400Regular.ttf",
    "biz-udgothic/700Bold/BIZUDGothic_700Bold.ttf",
];

/// The fonts and Typst's index of them.
pub struct Fonts {
    /// In the order of [`FONTS`].
    pub all: Vec<Font>,
    /// Their names and what they contain.
    pub book: LazyHash<FontBook>,
    /// The first, opened for questions about single letters.
    main: FontInstance,
}

impl Fonts {
    /// Reads [`FONTS`].
    pub fn load(folder: &Path) -> Result<Self, PressError> {
        let all = FONTS.iter().map(|name| font(folder, name)).collect::<Result<Vec<_>, _>>()?;
        let book = LazyHash::new(FontBook::from_fonts(&all));
        let main = all.first().ok_or_else(|| PressError::NoFont(String::new()))?.clone();
        let main = main.instantiate(FontVariant::default(), Abs::zero(), &FontVariations::default());
        Ok(Self { all, book, main })
    }

    /// Whether any of them can print a letter.
    pub fn have(&self, letter: char) -> bool {
        self.all.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
    }

    /// Whether the main font has this form of a letter (異体字): 葛 as 葛城 writes it.
    pub fn have_form(&self, letter: char, selector: char) -> bool {
        self.main.ttf().glyph_variation_index(letter, selector).is_some()
    }
}

fn font(folder: &Path, name: &str) -> Result<Font, PressError> {
    let bytes = fs::read(folder.join(name)).map_err(|why| PressError::Font(name.to_owned(), why))?;
    Font::new(Bytes::new(bytes), 0).ok_or_else(|| PressError::NoFont(name.to_owned()))
}
