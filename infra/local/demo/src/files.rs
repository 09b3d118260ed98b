//! The cabinet of pictures and documents that notes take their attachments from.

use crate::{DemoFile, chance::Chance, pdf, pictures};
use sha2::{Digest, Sha256};
use shared::{
    book::{Attachment, FileType},
    calendar::Day,
    id::AttachmentId,
};
use std::collections::HashMap;

/// Different contents of each kind of file.
const VARIANTS: usize = 8;

/// Kinds of file: as scripts name it, its name for people, whether it is a picture.
const KINDS: &[(&str, &str, FileType)] = &[
    ("wound", "創部の計測図", FileType::Jpeg),
    ("calendar", "服薬カレンダー", FileType::Jpeg),
    ("graph", "バイタル推移", FileType::Jpeg),
    ("meal", "食事の様子（配膳図）", FileType::Jpeg),
    ("home", "居室の見取り図", FileType::Jpeg),
    ("meeting", "サービス担当者会議の要点", FileType::Pdf),
    ("lab", "検査結果", FileType::Pdf),
    ("prescription", "処方内容", FileType::Pdf),
    ("report", "訪問報告書", FileType::Pdf),
    ("plan", "居宅サービス計画書", FileType::Pdf),
    ("consent", "個人情報の共有に関する同意書", FileType::Pdf),
];

/// Threads that draw.
const THREADS: usize = 4;

/// A content with its hash.
type Content = (Vec<u8>, String);

/// Makes each content once.
#[derive(Default)]
pub(crate) struct Cabinet {
    contents: HashMap<(usize, usize), Content>,
}

impl Cabinet {
    /// A cabinet with every picture in it already: for a large city, drawn on several threads.
    pub(crate) fn full() -> Self {
        let pictures: Vec<(usize, usize)> = (0..KINDS.len())
            .filter(|kind| KINDS[*kind].2 != FileType::Pdf)
            .flat_map(|kind| (0..VARIANTS).map(move |variant| (kind, variant)))
            .collect();
        let draw = |part: usize| -> Vec<((usize, usize), Content)> {
            let mine = pictures.iter().skip(part).step_by(THREADS);
            mine.map(|&(kind, variant)| ((kind, variant), content(kind, variant))).collect()
        };
        let contents = std::thread::scope(|scope| {
            let draw = &draw;
            let parts: Vec<_> = (0..THREADS).map(|part| scope.spawn(move || draw(part))).collect();
            // What a thread could not draw is drawn when it is asked for.
            parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
        });
        Self { contents }
    }

    /// A file of a kind, sent at this time; `None` if there is no such kind.
    pub(crate) fn take(
        &mut self,
        kind: &str,
        at: i64,
        day: Day,
        chance: &mut Chance,
    ) -> Option<(Attachment, DemoFile)> {
        let index = KINDS.iter().position(|(known, ..)| *known == kind)?;
        let (_, title, file_type) = KINDS[index];
        // As many documents as half the pictures.
        let variant = chance.below(if file_type == FileType::Pdf { VARIANTS / 2 } else { VARIANTS });
        let (bytes, sha256) =
            self.contents.entry((index, variant)).or_insert_with(|| content(index, variant));
        let (_, month, date) = day.ymd();
        let ending = if file_type == FileType::Pdf { "pdf" } else { "jpg" };
        let name = format!("{title}_{month:02}{date:02}.{ending}");
        let made = u64::try_from(at - 40_000).unwrap_or(0);
        let id = AttachmentId::from_parts(made, chance.bits());
        let attachment = Attachment {
            id,
            name: name.clone(),
            file_type,
            bytes: bytes.len() as u64,
            sha256: sha256.clone(),
            preview: None,
        };
        Some((attachment, DemoFile { id, name, file_type, bytes: bytes.clone() }))
    }

    /// Whether a script may name this kind.
    #[cfg(test)]
    pub(crate) fn has(kind: &str) -> bool {
        KINDS.iter().any(|(known, ..)| *known == kind)
    }
}

/// The bytes of a kind, and their hash.
fn content(kind: usize, variant: usize) -> Content {
    let (name, _, file_type) = KINDS[kind];
    let bytes = match file_type {
        FileType::Pdf => pdf::page(name, variant),
        _ => pictures::picture(name, variant),
    };
    let hash = hex::encode(Sha256::digest(&bytes));
    (bytes, hash)
}
