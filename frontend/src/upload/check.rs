//! An early, honest word on a file before a byte is sent. The server judges again and has the last word.

use shared::book::{AttachmentDraft, FileType};

/// How much of a file's beginning and end is looked at: an Office file lists its parts at the end.
pub const LOOK: u64 = 256 * 1024;

const HEIC: &str = "HEIC形式の写真は添付できません。写真をJPEGにして（「互換性優先」で撮影、またはJPEGで書き出し）選んでください。";
const OTHER: &str =
    "この種類のファイルは添付できません。JPEG・PNG・PDF・テキスト・Word・Excel・PowerPointを選んでください。";
const OLD_OFFICE: &str = "古い形式のOffice文書は添付できません。「名前を付けて保存」でdocx・xlsx・pptxにするか、PDFにして選んでください。";
const MACRO: &str =
    "マクロの入ったOffice文書は添付できません。マクロなし（docx・xlsx・pptx）で保存し直してください。";
const ENCODING: &str = "このテキストは文字コードがUTF-8ではありません。メモ帳の「名前を付けて保存」でUTF-8を選んで保存し直してください。";
const EMPTY: &str = "空のファイルは添付できません。";

/// What a file is, or the sentence that says why it cannot be attached. `end` is empty when `start` is all of it.
///
/// # Errors
/// The Japanese sentence.
pub fn file_type(name: &str, start: &[u8], end: &[u8]) -> Result<FileType, &'static str> {
    if start.is_empty() {
        return Err(EMPTY);
    }
    let found = match start {
        [b'P', b'K', 3, 4, ..] => FileType::of_content(&[start, end].concat()),
        _ => FileType::of_content(whole_characters(start, end)),
    };
    found.ok_or_else(|| refusal(name, start, end))
}

/// A long text is cut somewhere, perhaps within a character: that is not its fault.
fn whole_characters<'b>(start: &'b [u8], end: &[u8]) -> &'b [u8] {
    match std::str::from_utf8(start) {
        Err(error) if error.error_len().is_none() && !end.is_empty() => {
            start.get(..error.valid_up_to()).unwrap_or(start)
        }
        _ => start,
    }
}

fn refusal(name: &str, start: &[u8], end: &[u8]) -> &'static str {
    let name = name.to_ascii_lowercase();
    let named = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let has = |part: &[u8]| [start, end].iter().any(|b| b.windows(part.len()).any(|window| window == part));
    match start {
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', ..] => HEIC,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => OLD_OFFICE,
        [b'P', b'K', 3, 4, ..] if has(b"vbaProject.bin") => MACRO,
        _ if named(&[".heic", ".heif"]) => HEIC,
        _ if named(&[".txt", ".csv"]) && std::str::from_utf8(start).is_err() => ENCODING,
        _ => OTHER,
    }
}

/// What will be declared to the server, or the sentence for the person.
///
/// # Errors
/// The Japanese sentence.
pub fn declare(
    name: &str,
    file_type: FileType,
    bytes: u64,
    sha256: String,
) -> Result<AttachmentDraft, String> {
    let draft = AttachmentDraft { name: name.to_owned(), file_type, bytes, sha256 };
    draft.check().map_err(|errors| errors.into_iter().next().map_or_else(String::new, |error| error.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_says_what_to_do() {
        let table: &[(&str, &[u8], &str)] = &[
            ("a.heic", b"\x00\x00\x00\x18ftypheic\x00", HEIC),
            ("IMG_1.jpg", b"\x00\x00\x00\x18ftypmif1\x00", HEIC),
            ("a.doc", b"\xD0\xCF\x11\xE0\xA1\xB1", OLD_OFFICE),
            ("a.docm", b"PK\x03\x04 [Content_Types].xml word/vbaProject.bin", MACRO),
            ("memo.txt", b"\x82\xA0\x82\xA2", ENCODING),
            ("a.html", b"<!doctype html>", OTHER),
            ("movie.mp4", b"\x00\x00\x00\x18ftypisom\x00", OTHER),
            ("a.zip", b"PK\x03\x04 other", OTHER),
            ("empty.pdf", b"", EMPTY),
        ];
        for (name, bytes, sentence) in table {
            assert_eq!(file_type(name, bytes, b""), Err(*sentence), "{name}");
        }
    }

    #[test]
    fn what_may_be_attached_is_known_by_its_content() {
        assert_eq!(file_type("x", b"\xFF\xD8\xFF\xE1", b""), Ok(FileType::Jpeg));
        assert_eq!(
            file_type("x", b"PK\x03\x04....", b"[Content_Types].xml word/document.xml"),
            Ok(FileType::Word)
        );
        let text = "あいう".as_bytes();
        assert_eq!(file_type("a.txt", &text[..7], b"more"), Ok(FileType::Text));
        assert!(file_type("a.txt", &text[..7], b"").is_err());
    }

    #[test]
    fn a_film_is_too_large() {
        let long = declare("a.pdf", FileType::Pdf, 60_000_000, "0".repeat(64));
        assert_eq!(long.unwrap_err(), "1つのファイルは50MBまでです（このファイルは約60MB）。");
    }
}
