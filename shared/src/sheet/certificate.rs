//! 消去証明 (Art. 22): the system administrator certifies to the operator what was erased, and how far it reached.

use super::{date, page::Pages, room::Room};
use crate::{calendar::Day, text::one_line};
use serde::{Deserialize, Serialize};

/// 消去証明.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ErasureCertificate {
    /// 受付番号, small in the margin.
    pub number: String,
    /// The day of the certificate.
    pub date: Option<Day>,
    /// To whom: the operator.
    pub addressee: String,
    /// Who certifies.
    pub issuer: String,
    /// What was erased.
    pub object: String,
    /// Why.
    pub ground: String,
    /// How.
    pub method: String,
    /// Who permitted it, and when.
    pub permitted: String,
    /// Who erased it, and when.
    pub erased: String,
    /// What was removed from the database.
    pub live: String,
    /// How many generations it reached, and that none can be read.
    pub checked: String,
    /// The generations and object versions.
    pub reached: String,
    /// Where the certificate is kept, with its hash.
    pub kept: String,
    /// 備考.
    pub remarks: String,
}

/// The boxes, in letters and lines.
mod rooms {
    use super::Room;
    pub const PERSON: Room = Room::new(24, 2);
    pub const TWO: Room = Room::new(33, 2);
    pub const THREE: Room = Room::new(33, 3);
    pub const FOUR: Room = Room::new(33, 4);
    pub const LIST: Room = Room::new(33, 8);
}

impl ErasureCertificate {
    /// What the sheet is called.
    pub const TITLE: &'static str = "消去証明書";

    /// The sheet as it is printed.
    pub fn split(&self) -> Pages {
        let mut pages = Pages::new(Self::TITLE);
        pages.line("number", one_line(&self.number));
        pages.line("date", date(self.date));
        pages.text("addressee", "宛先", rooms::PERSON, &self.addressee);
        pages.text("issuer", "証明者", rooms::PERSON, &self.issuer);
        pages.text("object", "消去したもの", rooms::TWO, &self.object);
        pages.text("ground", "根拠", rooms::THREE, &self.ground);
        pages.text("method", "方法", rooms::THREE, &self.method);
        pages.text("permitted", "許可", rooms::TWO, &self.permitted);
        pages.text("erased", "実施", rooms::TWO, &self.erased);
        pages.text("live", "消した件数", rooms::TWO, &self.live);
        pages.text("checked", "検証", rooms::THREE, &self.checked);
        pages.text("reached", "届いた世代", rooms::LIST, &self.reached);
        pages.text("kept", "証明の保存場所", rooms::FOUR, &self.kept);
        pages.text("remarks", "備考", rooms::TWO, &self.remarks);
        pages
    }
}
