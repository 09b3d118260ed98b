//! Sheets to print, and a reader of PDFs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what fails here is a failed test")]

pub mod samples;

use lopdf::{Document, Object};
use shared::sheet::Sheet;
use sheet::Press;
use std::{path::PathBuf, sync::LazyLock};

/// Where npm put the fonts.
pub fn fonts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node_modules/@expo-google-fonts")
}

/// One press for all tests.
pub fn press() -> &'static Press {
    static PRESS: LazyLock<Press> = LazyLock::new(|| {
        Press::new(&fonts())
            .expect("the fonts come from npm: `npm ci` in functions/sheet, or `cargo xtask test`")
    });
    &PRESS
}

/// A printed sheet.
pub struct Paper {
    pub bytes: Vec<u8>,
    pub document: Document,
}

/// A font of a PDF.
#[derive(Debug)]
pub struct PaperFont {
    pub name: String,
    pub embedded: bool,
}

impl Paper {
    pub fn of(sheet: &Sheet) -> Self {
        let bytes = press().pdf(sheet).unwrap();
        let document = Document::load_mem(&bytes).unwrap();
        Self { bytes, document }
    }

    pub fn pages(&self) -> usize {
        self.document.get_pages().len()
    }

    /// All text without spaces: labels are spread over their boxes.
    pub fn text(&self) -> String {
        (1..=self.pages()).map(|page| self.text_of(page)).collect()
    }

    pub fn text_of(&self, page: usize) -> String {
        let text = self.document.extract_text(&[u32::try_from(page).unwrap()]).unwrap();
        // This reader does not know that a half-width letter and its voicing mark (ﾄﾞ) are written as one.
        text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\u{fffd}').collect()
    }

    /// The fonts, each with whether its glyphs are in the file.
    pub fn fonts(&self) -> Vec<PaperFont> {
        let dictionaries = self.document.objects.values().filter_map(|object| object.as_dict().ok());
        dictionaries
            .filter(|font| {
                font.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"FontDescriptor")
            })
            .map(|font| PaperFont {
                name: String::from_utf8_lossy(
                    font.get(b"FontName").and_then(Object::as_name).unwrap_or_default(),
                )
                .into_owned(),
                embedded: font.has(b"FontFile2") || font.has(b"FontFile3"),
            })
            .collect()
    }
}
