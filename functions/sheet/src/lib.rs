//! The official sheets (様式第１〜３, Art. 15 and 18) and the sealed letter (封書, Art. 13(1)) as PDF: A4, fonts
//! embedded, fit for an archive (PDF/A-2b) where the sheet bears a date. Typst sets them from the templates in this
//! crate; what a person wrote reaches the templates as data and is never read as markup.

mod desk;
mod fonts;
mod press;
mod printable;
mod qr;
pub mod start;

pub use fonts::FONTS;

use desk::Desk;
use fonts::Fonts;
use serde::Serialize;
use shared::sheet::{Pages, SHEET_CHARACTERS_MAX, Sheet};
use std::path::Path;
use typst::{
    Library, LibraryExt,
    diag::SourceDiagnostic,
    foundations::{Datetime, Smart},
    utils::LazyHash,
};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Minutes by which the clocks of Japan are ahead of UTC.
const JAPAN_MINUTES: i32 = 9 * 60;

/// Why there is no sheet. It names no content: it may be logged.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// A file of [`FONTS`] is missing or unreadable.
    #[error("the font {0} cannot be read: {1}")]
    Font(String, std::io::Error),
    /// A file of [`FONTS`] is something else.
    #[error("{0} is no font")]
    NoFont(String),
    /// The texts are longer than [`SHEET_CHARACTERS_MAX`].
    #[error("the sheet has {0} characters, {SHEET_CHARACTERS_MAX} are allowed")]
    TooLong(usize),
    /// The data could not be handed to the template.
    #[error("the sheet's data cannot be written as JSON")]
    Data,
    /// A template is wrong.
    #[error("the sheet cannot be set: {0}")]
    Template(String),
    /// The PDF could not be written. Typst's own words would quote the text that it stumbled over.
    #[error("the PDF cannot be written")]
    Pdf,
}

/// Fonts and Typst's library, loaded once; then any number of sheets, from any thread.
pub struct Press {
    library: LazyHash<Library>,
    fonts: Fonts,
}

/// What a template reads.
#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    pages: &'a Pages,
    /// Whether 〓 stands for a letter that the fonts lack.
    replaced: bool,
    /// Dark runs of the code: column, row, length.
    qr: Vec<(usize, usize, usize)>,
    /// Modules along a side of the code.
    qr_size: usize,
}

impl Press {
    /// Loads [`FONTS`] from this folder.
    ///
    /// # Errors
    /// A font is missing or is none.
    pub fn new(fonts_dir: &Path) -> Result<Self, PressError> {
        Ok(Self { library: LazyHash::new(Library::default()), fonts: Fonts::load(fonts_dir)? })
    }

    /// The sheet as PDF. The same sheet gives the same bytes. Letters that the fonts lack are printed as 〓, and a
    /// line at the foot says so.
    ///
    /// # Errors
    /// Texts beyond [`SHEET_CHARACTERS_MAX`]; anything else is a mistake of ours.
    pub fn pdf(&self, sheet: &Sheet) -> Result<Vec<u8>, PressError> {
        let mut pages = sheet.split();
        let characters = pages.characters();
        if characters > SHEET_CHARACTERS_MAX {
            return Err(PressError::TooLong(characters));
        }
        let replaced = printable::make(&mut pages, &self.fonts);
        let (qr, qr_size) = qr::runs(sheet);
        let data = serde_json::to_vec(&Data { pages: &pages, replaced, qr, qr_size });
        let desk = Desk::new(self, sheet, data.map_err(|_| PressError::Data)?)?;
        let pdf = desk
            .set()
            .and_then(|document| typst_pdf::pdf(&document, &options(sheet)?).map_err(|_| PressError::Pdf));
        // Typst remembers what it set to be quick the next time. A password must not stay in memory for that.
        typst::comemo::evict(0);
        pdf
    }
}

/// Nothing of the moment or the machine gets into the file.
fn options(sheet: &Sheet) -> Result<PdfOptions, PressError> {
    let timestamp = sheet.date().and_then(|day| {
        let (year, month, day) = day.ymd();
        Timestamp::new_local(Datetime::from_ymd_hms(year, month, day, 0, 0, 0)?, JAPAN_MINUTES)
    });
    // An archive's PDF must bear a date. A form that is to be filled in by hand has none and is not for the archive.
    let standards = if timestamp.is_some() { &[PdfStandard::A_2b][..] } else { &[] };
    Ok(PdfOptions {
        ident: Smart::Custom(format!("{} {}", sheet.title(), sheet.number())),
        creator: Smart::Custom(Some("Tsunagaru".into())),
        timestamp,
        standards: PdfStandards::new(standards).map_err(|_| PressError::Pdf)?,
        ..PdfOptions::default()
    })
}

/// The first complaint about a template. It names functions, keys and types, not the data.
fn first(complaints: &[SourceDiagnostic]) -> String {
    complaints.first().map(|why| why.message.to_string()).unwrap_or_default()
}
