//! Attachments 添付: files and pictures, judged by what they are and not by what they are called.

use crate::{api::error::FieldError, id::AttachmentId, label::labelled, text};
use serde::{Deserialize, Serialize};

/// Largest file, in bytes: 50 MB.
pub const FILE_BYTES_MAX: u64 = 50_000_000;
/// Most files on one note.
pub const ATTACHMENTS_MAX: usize = 10;

labelled! {
    /// The kinds of file that may be attached. Everything else is refused; nothing is ever served as a page.
    pub enum FileType {
        Jpeg = "image/jpeg" "JPEG画像",
        Png = "image/png" "PNG画像",
        Pdf = "application/pdf" "PDF文書",
        Text = "text/plain" "テキスト",
        Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document" "Word文書",
        Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" "Excel文書",
        PowerPoint = "application/vnd.openxmlformats-officedocument.presentationml.presentation" "PowerPoint文書",
    }
}

labelled! {
    /// How a file is shown.
    pub enum AttachmentKind {
        /// With a preview in the thread.
        Picture = "picture" "写真・画像",
        /// To be downloaded.
        Document = "document" "文書",
    }
}

impl FileType {
    /// How it is shown.
    pub const fn kind(self) -> AttachmentKind {
        match self {
            Self::Jpeg | Self::Png => AttachmentKind::Picture,
            _ => AttachmentKind::Document,
        }
    }

    /// How the names of such files end.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Text => "txt",
            Self::Word => "docx",
            Self::Excel => "xlsx",
            Self::PowerPoint => "pptx",
        }
    }

    /// The type as the content itself says, from its first bytes and, for Office files, the names inside;
    /// `None` for everything that may not be attached (HTML, SVG, programs, old Office, HEIC …).
    pub fn of_content(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [b'P', b'K', 3, 4, ..] => Self::of_office(bytes),
            _ => Self::is_plain_text(bytes).then_some(Self::Text),
        }
    }

    fn of_office(bytes: &[u8]) -> Option<Self> {
        let has = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
        if !has(b"[Content_Types].xml") || has(b"vbaProject.bin") {
            return None;
        }
        let kinds = [(&b"word/"[..], Self::Word), (b"xl/", Self::Excel), (b"ppt/", Self::PowerPoint)];
        kinds.into_iter().find(|(folder, _)| has(folder)).map(|(_, kind)| kind)
    }

    fn is_plain_text(bytes: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        let start = text.trim_start_matches('\u{feff}').trim_start();
        !start.is_empty()
            && !start.starts_with('<')
            && !text.chars().any(|c| c.is_control() && !"\n\r\t".contains(c))
    }
}

/// A file on a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// Its identifier.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub file_type: FileType,
    /// Bytes as stored (a photo loses its hidden location data, so it may be smaller than what was sent).
    pub bytes: u64,
    /// SHA-256 of the bytes as stored, in hex.
    pub sha256: String,
    /// A short-lived address of a small picture, for pictures. Never stored: made for each reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
}

/// What somebody wants to attach: declared before, checked after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttachmentDraft {
    /// The file's name.
    pub name: String,
    /// What it is.
    pub file_type: FileType,
    /// Its size in bytes, 1 to [`FILE_BYTES_MAX`].
    pub bytes: u64,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

impl AttachmentDraft {
    /// The draft cleaned, or everything that is wrong with it.
    ///
    /// # Errors
    /// Every field in error, with its Japanese sentence.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        match text::file_name("name", &self.name) {
            Ok(name) => self.name = name,
            Err(error) => errors.push(error),
        }
        if self.bytes == 0 {
            errors.push(FieldError::new("bytes", "空のファイルは添付できません。"));
        }
        if self.bytes > FILE_BYTES_MAX {
            let megabytes = self.bytes.div_ceil(1_000_000);
            errors.push(FieldError::new(
                "bytes",
                format!("1つのファイルは50MBまでです（このファイルは約{megabytes}MB）。"),
            ));
        }
        if self.sha256.len() != 64 || !self.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            errors.push(FieldError::new(
                "sha256",
                "ファイルの照合値が正しくありません。もう一度選んでください。",
            ));
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// Where to put the bytes, for a few minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UploadTicket {
    /// The attachment's identifier, from now on.
    pub id: AttachmentId,
    /// The address for one PUT.
    pub url: String,
    /// Headers that the PUT must carry, exactly.
    pub headers: Vec<(String, String)>,
}

/// A short-lived address to download a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttachmentLink {
    /// The address.
    pub url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_not_the_name() {
        let office =
            |folder: &str| [b"PK\x03\x04....[Content_Types].xml....".as_slice(), folder.as_bytes()].concat();
        let table: &[(&[u8], Option<FileType>)] = &[
            (b"\xFF\xD8\xFF\xE0rest", Some(FileType::Jpeg)),
            (b"\x89PNG\r\n\x1a\nrest", Some(FileType::Png)),
            (b"%PDF-1.7", Some(FileType::Pdf)),
            (&office("word/document.xml"), Some(FileType::Word)),
            (&office("xl/workbook.xml"), Some(FileType::Excel)),
            (&office("word/vbaProject.bin"), None),
            ("体温 36.8\n".as_bytes(), Some(FileType::Text)),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
            (b"\xef\xbb\xbf  <!doctype html>", None),
            (b"MZ\x90\x00", None),
            (b"PK\x03\x04 just a zip", None),
            (b"", None),
            (b"\x00\x00\x00\x18ftypheic", None),
        ];
        for (bytes, expected) in table {
            assert_eq!(FileType::of_content(bytes), *expected, "{bytes:?}");
        }
    }

    #[test]
    fn sizes_and_hashes_are_checked() {
        let draft = |bytes, sha256: &str| AttachmentDraft {
            name: "a.pdf".into(),
            file_type: FileType::Pdf,
            bytes,
            sha256: sha256.into(),
        };
        let hash = "0".repeat(64);
        assert!(draft(1, &hash).check().is_ok());
        assert!(draft(FILE_BYTES_MAX, &hash).check().is_ok());
        assert_eq!(draft(0, &hash).check().unwrap_err()[0].field, "bytes");
        assert_eq!(draft(FILE_BYTES_MAX + 1, &hash).check().unwrap_err()[0].field, "bytes");
        assert_eq!(draft(1, &"G".repeat(64)).check().unwrap_err()[0].field, "sha256");
    }
}
