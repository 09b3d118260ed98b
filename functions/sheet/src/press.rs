//! The press as functions know it.

use crate::Press;
use shared::sheet::Sheet;

impl functions::procedure::sheet::Press for Press {
    fn pdf(&self, sheet: &Sheet) -> Result<Vec<u8>, String> {
        Self::pdf(self, sheet).map_err(|why| why.to_string())
    }
}
