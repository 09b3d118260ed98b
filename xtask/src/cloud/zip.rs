//! Zip files that say nothing but their contents: fixed time, names in order, the compressor that Cargo.lock names. The same
//! contents are the same bytes on every machine.
//!
//! Written here because the crates for it turn on features of others that the whole workspace would be compiled with.

use anyhow::{Context, Result};
use flate2::{Compression, Crc, write::DeflateEncoder};
use std::io::Write;

/// 1980-01-01, the first day that the format knows.
const DATE: u16 = (1 << 5) | 1;
/// Version 2.0: compressed by deflate. The upper byte of the version that made it says Unix, for the permissions.
const VERSION: u16 = 20;
const MADE_ON_UNIX: u16 = (3 << 8) | VERSION;
const DEFLATED: u16 = 8;
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// A plain file, in the upper half of the attributes.
const PLAIN_FILE: u32 = 0o100_000;

/// A zip being put together.
#[derive(Default)]
pub struct Zip {
    files: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    /// Adds a file with its permissions.
    ///
    /// # Errors
    /// If it is larger than the format without extensions knows: 4 GB.
    pub fn add(&mut self, name: &str, bytes: &[u8], mode: u32) -> Result<()> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(bytes)?;
        let packed = encoder.finish()?;
        let mut crc = Crc::new();
        crc.update(bytes);
        let size = |length: usize| u32::try_from(length).context("a file of more than 4 GB");
        let offset = size(self.files.len())?;
        let name_length = u16::try_from(name.len()).context("a name of more than 64 KB")?;
        // What both headers say alike.
        let mut common = Vec::new();
        for part in [VERSION, 0, DEFLATED, 0, DATE] {
            common.extend(part.to_le_bytes());
        }
        for part in [crc.sum(), size(packed.len())?, size(bytes.len())?] {
            common.extend(part.to_le_bytes());
        }
        common.extend(name_length.to_le_bytes());
        common.extend(0_u16.to_le_bytes()); // no extra field

        self.files.extend(LOCAL.to_le_bytes());
        self.files.extend(&common);
        self.files.extend(name.as_bytes());
        self.files.extend(packed);

        self.directory.extend(CENTRAL.to_le_bytes());
        self.directory.extend(MADE_ON_UNIX.to_le_bytes());
        self.directory.extend(common);
        self.directory.extend([0; 6]); // no comment, first disk, no internal attributes
        self.directory.extend(((PLAIN_FILE | mode) << 16).to_le_bytes());
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
        Ok(())
    }

    /// The whole zip.
    ///
    /// # Errors
    /// If it is larger than 4 GB.
    pub fn finish(self) -> Result<Vec<u8>> {
        let (size, offset) = (u32::try_from(self.directory.len())?, u32::try_from(self.files.len())?);
        let mut zip = self.files;
        zip.extend(self.directory);
        zip.extend(END.to_le_bytes());
        zip.extend([0; 4]); // one disk
        zip.extend(self.count.to_le_bytes());
        zip.extend(self.count.to_le_bytes());
        zip.extend(size.to_le_bytes());
        zip.extend(offset.to_le_bytes());
        zip.extend([0; 2]); // no comment
        Ok(zip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_contents_are_the_same_bytes() {
        let packed = |text: &str| {
            let mut zip = Zip::default();
            zip.add("bootstrap", text.as_bytes(), 0o755).unwrap();
            zip.add("fonts/a.ttf", b"font", 0o644).unwrap();
            zip.finish().unwrap()
        };
        assert_eq!(packed("program"), packed("program"));
        assert_ne!(packed("program"), packed("another"));
    }
}
