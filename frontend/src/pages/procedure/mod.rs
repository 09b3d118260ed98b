//! Pages of procedures. What they show follows from the declarations (`shared::procedure`): a further procedure needs
//! no page of its own.

mod ask;
mod case;
mod cases;
mod data_use;
mod desk;
mod form;
mod incident;
mod letter;
mod people;
mod sheet;
mod structure;

pub use ask::Ask;
pub use case::CasePage;
pub use cases::{Cases, WaitingCases};
pub use people::People;
pub use sheet::SheetPage;
pub use structure::Structure;
