//! QR codes as SVG paths: the browser draws them, no picture is stored or sent anywhere else.

use qrcodegen::{QrCode as Matrix, QrCodeEcc};
use shared::people::QrCode;
use std::fmt::Write;

/// Light modules around the code, as the standard asks.
const QUIET_ZONE: i32 = 4;

/// The code of a text; `None` if it is too long for one.
pub fn of(text: &str) -> Option<QrCode> {
    let matrix = Matrix::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..matrix.size() {
        for x in (0..matrix.size()).filter(|x| matrix.get_module(*x, y)) {
            let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET_ZONE, y + QUIET_ZONE);
        }
    }
    Some(QrCode { size: u32::try_from(matrix.size() + 2 * QUIET_ZONE).ok()?, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners() {
        let code = of("otpauth://totp/x?secret=ABC").unwrap();
        for corner in [(4, 4), (code.size - 5, 4), (4, code.size - 5)] {
            assert!(code.path.contains(&format!("M{},{}h", corner.0, corner.1)), "{corner:?}");
        }
        assert!(of(&"x".repeat(5000)).is_none());
    }
}
