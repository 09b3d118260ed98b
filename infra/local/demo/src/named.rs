//! User ids that exist in a city of every size, for journeys and for trying things by hand.

/// 看護師 佐藤 美咲, 訪問看護ステーションひなた: the visiting nurse with many patients.
pub const NURSE: &str = "hinata-n01";
/// 看護師, colleague of [`NURSE`].
pub const COLLEAGUE: &str = "hinata-n02";
/// 看護師 and 施設管理者 of 訪問看護ステーションひなた.
pub const MANAGER: &str = "hinata-m01";
/// 医師 高橋 健一, あおば内科クリニック: shares most patients with [`NURSE`].
pub const DOCTOR: &str = "aoba-d01";
/// 薬剤師 and 施設管理者, すみれ薬局.
pub const PHARMACIST: &str = "sumire-p01";
/// 介護支援専門員 and 施設管理者, つばめ居宅介護支援事業所.
pub const CARE_MANAGER: &str = "tsubame-c01";
/// 訪問介護員 and 施設管理者, ゆずヘルパーステーション.
pub const HELPER: &str = "yuzu-h01";
/// 看護師, 訪問看護ステーションかえで: shares no patient with [`NURSE`].
pub const OUTSIDER: &str = "kaede-n01";
/// 行政, the city: no clinical text.
pub const CITY: &str = "city-01";
/// システム運用者: no clinical text.
pub const OPERATOR: &str = "op-01";
/// システム管理者.
pub const SYSTEM_ADMIN: &str = "sa-01";
/// 運用管理責任者.
pub const OPERATIONS_MANAGER: &str = "om-01";
/// 鍵管理者.
pub const KEY_KEEPER: &str = "km-01";
/// 監査者.
pub const AUDITOR: &str = "audit-01";

/// All of them.
pub const ALL: &[&str] = &[
    NURSE,
    COLLEAGUE,
    MANAGER,
    DOCTOR,
    PHARMACIST,
    CARE_MANAGER,
    HELPER,
    OUTSIDER,
    CITY,
    OPERATOR,
    SYSTEM_ADMIN,
    OPERATIONS_MANAGER,
    KEY_KEEPER,
    AUDITOR,
];
