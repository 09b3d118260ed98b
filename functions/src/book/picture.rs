//! Pictures lose what they say beside the picture: where it was taken, with what, by whom. The way up stays.

use super::scans::only_scans;
use bytes::Bytes;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, metadata::Orientation};
use img_parts::{
    ImageEXIF,
    jpeg::{Jpeg, JpegSegment},
    png::Png,
};
use shared::book::FileType;
use std::io::Cursor;

/// Longest side of a preview, in pixels.
const PREVIEW_SIDE: u32 = 960;
/// JPEG quality of a preview.
const PREVIEW_QUALITY: u8 = 80;
/// Longest side of a picture, in pixels: what a bomb may unfold to is bounded.
const SIDE_MAX: u32 = 12_000;
/// Most memory for unfolding a picture, in bytes.
const UNFOLD_MAX: u64 = 320_000_000;

/// The picture without hidden data, and a small one of it; `None` if it is no whole picture.
pub fn clean(bytes: Bytes, kind: FileType) -> Option<(Bytes, Bytes)> {
    let (picture, orientation) = unfold(&bytes, kind)?;
    let preview = preview(picture, orientation)?;
    let clean = match kind {
        FileType::Jpeg => clean_jpeg(bytes, orientation)?,
        FileType::Png => clean_png(bytes)?,
        _ => return None,
    };
    Some((clean, preview))
}

fn unfold(bytes: &[u8], kind: FileType) -> Option<(DynamicImage, Orientation)> {
    let format = match kind {
        FileType::Jpeg => image::ImageFormat::Jpeg,
        _ => image::ImageFormat::Png,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(UNFOLD_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Some((DynamicImage::from_decoder(decoder).ok()?, orientation))
}

fn preview(mut picture: DynamicImage, orientation: Orientation) -> Option<Bytes> {
    if picture.width().max(picture.height()) > PREVIEW_SIDE {
        picture = picture.thumbnail(PREVIEW_SIDE, PREVIEW_SIDE);
    }
    picture.apply_orientation(orientation);
    let mut out = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, PREVIEW_QUALITY);
    picture.to_rgb8().write_with_encoder(encoder).ok()?;
    Some(out.into())
}

/// Keeps what draws the picture, up to its end.
fn clean_jpeg(bytes: Bytes, orientation: Orientation) -> Option<Bytes> {
    let mut jpeg = Jpeg::from_bytes(bytes).ok()?;
    let segments = jpeg.segments_mut();
    segments.retain(|segment| draws(segment.marker(), segment.contents()));
    let scan = segments.pop().filter(|last| last.marker() == FIRST_SCAN)?;
    let (header, rest) = (scan.contents().clone(), scan.encoder().bytes());
    let rest = only_scans(rest.get(SEGMENT_HEAD + header.len()..)?, draws)?;
    segments.push(JpegSegment::new_with_entropy(FIRST_SCAN, header, rest));
    if orientation != Orientation::NoTransforms {
        jpeg.set_exif(Some(only_orientation(orientation)));
    }
    Some(jpeg.encoder().bytes())
}

/// Begins the first scan; the parser takes everything behind its header for its data.
const FIRST_SCAN: u8 = 0xDA;
/// Marker and length of a segment, in bytes.
const SEGMENT_HEAD: usize = 4;

/// Whether a segment draws the picture: no EXIF, XMP, IPTC, comment or thumbnail, and no other application's segment but the
/// colour profile and what JPEG decoders need.
fn draws(marker: u8, contents: &[u8]) -> bool {
    match marker {
        0xE0 => contents.starts_with(b"JFIF\0"),
        0xE2 => contents.starts_with(b"ICC_PROFILE\0"),
        // Adobe's colour transform.
        0xEE => true,
        0xE1 | 0xE3..=0xED | 0xEF | 0xFE => false,
        _ => true,
    }
}

/// The smallest EXIF block: a TIFF header and one entry, the way up.
fn only_orientation(orientation: Orientation) -> Bytes {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.extend([orientation.to_exif(), 0, 0, 0, 0, 0, 0]);
    block.into()
}

/// Keeps the chunks that draw the picture.
fn clean_png(bytes: Bytes) -> Option<Bytes> {
    const DRAWING: [&[u8; 4]; 12] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs",
        b"bKGD",
    ];
    let mut png = Png::from_bytes(bytes).ok()?;
    png.chunks_mut().retain(|chunk| DRAWING.contains(&&chunk.kind()));
    Some(png.encoder().bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A photo with a place and a way up: drawn, then given an EXIF block, an XMP packet and a comment.
    fn photo() -> Bytes {
        let drawn = DynamicImage::ImageRgb8(image::RgbImage::from_fn(64, 32, |x, y| {
            image::Rgb([x as u8, y as u8, 9])
        }));
        let mut out = Vec::new();
        drawn.write_to(&mut Cursor::new(&mut out), image::ImageFormat::Jpeg).unwrap();
        let mut jpeg = Jpeg::from_bytes(out.into()).unwrap();
        let mut exif = only_orientation(Orientation::Rotate90).to_vec();
        exif.extend(b"GPSLatitude 35.2911");
        jpeg.set_exif(Some(exif.into()));
        let at = jpeg.segments().len() - 1;
        let comment = JpegSegment::new_with_contents(0xFE, "taken at home of".into());
        jpeg.segments_mut().insert(at, comment);
        jpeg.encoder().bytes()
    }

    #[test]
    fn the_place_goes_and_the_way_up_stays() {
        let (clean, preview) = clean(photo(), FileType::Jpeg).unwrap();
        let has = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|w| w == what);
        for secret in [&b"GPSLatitude"[..], b"taken at home"] {
            assert!(has(&photo(), secret) && !has(&clean, secret));
        }
        let exif = exif::Reader::new().read_from_container(&mut Cursor::new(&clean)).unwrap();
        assert_eq!(exif.fields().count(), 1);
        let up = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY).unwrap();
        assert_eq!(up.value.get_uint(0), Some(6));
        let small = image::load_from_memory(&preview).unwrap();
        assert_eq!((small.width(), small.height()), (32, 64));
    }

    #[test]
    fn what_a_camera_hid_behind_the_picture_goes() {
        let film = b"ftypmp4 with sound, and where it was";
        let whole = clean(photo(), FileType::Jpeg).unwrap().0;
        let hidden = Bytes::from([&photo()[..], film].concat());
        assert!(unfold(&hidden, FileType::Jpeg).is_some());
        assert_eq!(clean(hidden, FileType::Jpeg).unwrap().0, whole);
        assert!(whole.ends_with(&[0xFF, 0xD9]) && image::load_from_memory(&whole).is_ok());
    }

    #[test]
    fn texts_in_a_png_go() {
        let mut out = Vec::new();
        DynamicImage::new_rgb8(4, 4).write_to(&mut Cursor::new(&mut out), image::ImageFormat::Png).unwrap();
        let mut png = Png::from_bytes(out.into()).unwrap();
        let text = img_parts::png::PngChunk::new(*b"tEXt", "GPS\0here".into());
        png.chunks_mut().insert(1, text);
        let (clean, _) = clean(png.encoder().bytes(), FileType::Png).unwrap();
        assert!(!clean.windows(4).any(|w| w == b"tEXt") && image::load_from_memory(&clean).is_ok());
    }

    #[test]
    fn half_a_picture_is_none() {
        let photo = photo();
        assert!(clean(photo.slice(..40), FileType::Jpeg).is_none());
        assert!(clean(Bytes::from_static(b"\xFF\xD8\xFFnothing"), FileType::Jpeg).is_none());
        assert!(clean(photo, FileType::Png).is_none());
    }
}
