//! Why a run by hand ends without being done, for whoever asked for it.

use super::TRIES;
use crate::store::error::StoreError;
use shared::api::error::Code;

const LOOK: &str = "運用者に、ログを確かめるよう伝えてください。";
const MEND_NOTHING: &str = "何も直さずに、障害の案件を開いてください。";

/// Why a run ends without being done.
pub(super) struct Failed {
    /// As the audit log has it.
    pub code: Code,
    /// What happened and what to do, in Japanese.
    pub words: String,
}

impl Failed {
    /// Every try died.
    pub fn by_dying() -> Self {
        let words = format!("{TRIES}回試しましたが、途中で止まりました。{LOOK}");
        Self { code: Code::Internal, words }
    }

    /// The store could not be reached, or what is stored cannot be backed up.
    pub fn of(error: &StoreError) -> Self {
        let (code, words) = match error {
            StoreError::Busy(_) => {
                let tried = format!("混み合っていて、{TRIES}回試しても終わりませんでした。");
                (Code::Busy, format!("{tried}時間をおいて、もう一度実行してください。"))
            }
            StoreError::Shape("attached file") => (
                Code::Internal,
                format!("付いているファイルが見つからないか、大きさが違います。{MEND_NOTHING}"),
            ),
            StoreError::Shape("attached file's hash") => (
                Code::Internal,
                format!("付いているファイルの中身が、送られたときと違います。{MEND_NOTHING}"),
            ),
            StoreError::Key { name, .. } => {
                let key = format!("鍵 {name} が消去されているか、使えません。");
                (Code::Internal, format!("{key}手順書「鍵束の破損」で確かめてください。"))
            }
            _ => (Code::Internal, format!("保管先で問題が起きました。{LOOK}")),
        };
        Self { code, words }
    }
}
