//! One sheet being set: what Typst may see of the world. Templates, data and fonts; no disk, no network, no clock.

use crate::{Press, PressError, first};
use shared::sheet::Sheet;
use typst::{
    Library, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;

/// Where a template finds what to print.
const DATA: &str = "/data.json";
/// What the templates share.
const FRAME: (&str, &str) = ("/frame.typ", include_str!("../templates/frame.typ"));

/// The template of a sheet: its name and its text.
const fn template(sheet: &Sheet) -> (&'static str, &'static str) {
    match sheet {
        Sheet::DataUseApplication(_) => ("/application.typ", include_str!("../templates/application.typ")),
        Sheet::DataUseNotice(_) => ("/notice.typ", include_str!("../templates/notice.typ")),
        Sheet::IncidentReport(_) => ("/incident.typ", include_str!("../templates/incident.typ")),
        Sheet::ErasureCertificate(_) => ("/certificate.typ", include_str!("../templates/certificate.typ")),
        Sheet::SealedLetter(_) => ("/letter.typ", include_str!("../templates/letter.typ")),
        Sheet::Runbook(_) => ("/runbook.typ", include_str!("../templates/runbook.typ")),
    }
}

/// A press with a template and data on it.
pub struct Desk<'a> {
    press: &'a Press,
    main: FileId,
    template: (&'static str, &'static str),
    data: Bytes,
}

impl<'a> Desk<'a> {
    /// Lays out what is needed for a sheet.
    pub fn new(press: &'a Press, sheet: &Sheet, data: Vec<u8>) -> Result<Self, PressError> {
        let template = template(sheet);
        let path = VirtualPath::new(template.0).map_err(|_| PressError::Template(template.0.to_owned()))?;
        let main = RootedPath::new(VirtualRoot::Project, path).intern();
        Ok(Self { press, main, template, data: Bytes::new(data) })
    }

    /// Sets the sheet.
    pub fn set(&self) -> Result<PagedDocument, PressError> {
        typst::compile(self).output.map_err(|why| PressError::Template(first(&why)))
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let path = id.get();
        let known =
            [self.template, FRAME].into_iter().find(|(name, _)| path.vpath().get_with_slash() == *name);
        match known {
            Some((_, text)) if path.root() == &VirtualRoot::Project => Ok(Source::new(id, text.to_owned())),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        if path.root() == &VirtualRoot::Project && path.vpath().get_with_slash() == DATA {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.all.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_template_sees_its_data_and_nothing_else() {
        let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/@expo-google-fonts");
        let press = Press::new(&fonts).unwrap();
        let desk = Desk::new(&press, &Sheet::IncidentReport(Default::default()), b"{}".to_vec()).unwrap();
        let id = |path| RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).unwrap()).intern();
        assert!(desk.file(id(DATA)).is_ok());
        assert!(desk.source(id(FRAME.0)).is_ok());
        for path in ["/Cargo.toml", "/etc/passwd", "/letter.typ"] {
            assert!(desk.file(id(path)).is_err(), "{path}");
            assert!(desk.source(id(path)).is_err(), "{path}");
        }
        assert!(desk.today(None).is_none());
    }
}
