//! What stands in a JPEG behind the header of its first scan: the scans themselves, and whatever a camera hid behind the
//! picture (the film of a motion photo, a second picture with its own place).

use bytes::Bytes;

/// End of the picture.
const END: u8 = 0xD9;
/// Begins a scan.
const SCAN: u8 = 0xDA;

/// The scans, tables and restarts up to the end of the picture; segments that `draws` does not want are left out, and
/// everything behind the end. `None` if a segment is cut short.
pub fn only_scans(rest: &[u8], draws: impl Fn(u8, &[u8]) -> bool) -> Option<Bytes> {
    let mut kept = Vec::with_capacity(rest.len());
    let (mut at, mut in_scan) = (0, true);
    loop {
        let behind = rest.get(at..)?;
        let data = behind.windows(2).position(is_marker).unwrap_or(behind.len());
        if in_scan {
            kept.extend_from_slice(behind.get(..data)?);
        }
        let Some(&[_, marker]) = behind.get(data..data + 2) else { break };
        if marker == END {
            break;
        }
        let segment = behind.get(data..)?;
        let length = usize::from(u16::from_be_bytes([*segment.get(2)?, *segment.get(3)?]));
        let segment = segment.get(..2 + length)?;
        if draws(marker, segment.get(4..)?) {
            kept.extend_from_slice(segment);
        }
        in_scan = marker == SCAN;
        at += data + segment.len();
    }
    kept.extend([0xFF, END]);
    Some(kept.into())
}

/// Whether these two bytes end a run of picture data: neither a byte that only looks like a marker, nor a restart, nor a fill.
const fn is_marker(two: &[u8]) -> bool {
    matches!(two, [0xFF, second] if !matches!(second, 0x00 | 0xD0..=0xD7 | 0xFF))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept(rest: &[u8]) -> Option<Vec<u8>> {
        only_scans(rest, |marker, _| marker != 0xE1).map(|bytes| bytes.to_vec())
    }

    #[test]
    fn scans_and_their_tables_stay_and_what_is_hidden_goes() {
        let scan = [1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4];
        let table = [0xFF, 0xC4, 0, 4, 7, 7];
        let second = [0xFF, 0xDA, 0, 3, 9, 5, 6];
        let end = [0xFF, 0xD9];
        let drawn = [&scan[..], &table, &second, &end].concat();
        assert_eq!(kept(&drawn), Some(drawn.clone()));
        assert_eq!(kept(&[&drawn[..], b"a film, and where it was"].concat()), Some(drawn.clone()));
        let place = [0xFF, 0xE1, 0, 7, b'p', b'l', b'a', b'c', b'e'];
        assert_eq!(kept(&[&scan[..], &place, &table, &second, &end].concat()), Some(drawn.clone()));
        // Between segments there is nothing to draw.
        assert_eq!(kept(&[&scan[..], &table, b"hidden", &second, &end].concat()), Some(drawn.clone()));
        // A picture without its end gets one; half a segment is no picture.
        assert_eq!(kept(&drawn[..drawn.len() - 2]), Some(drawn.clone()));
        assert_eq!(kept(&[&scan[..], &[0xFF, 0xC4, 0, 90, 7]].concat()), None);
        assert_eq!(kept(&[&scan[..], &[0xFF, 0xC4, 0, 1]].concat()), None);
    }

    proptest! {
        #[test]
        fn whatever_comes_it_ends_with_the_picture_and_grows_by_its_end_at_most(rest: Vec<u8>) {
            if let Some(kept) = kept(&rest) {
                prop_assert!(kept.ends_with(&[0xFF, END]) && kept.len() <= rest.len() + 2);
                prop_assert_eq!(only_scans(&kept, |marker, _| marker != 0xE1).map(|again| again.to_vec()), Some(kept));
            }
        }
    }
}
