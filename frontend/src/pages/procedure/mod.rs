//! Pages of procedures. What they show follows from the declarations (`shared::procedure`): a further procedure needs
//! no page of its own.

mod ask;
mod case;
mod cases;
mod consequence;
mod contacts;
mod data_use;
mod desk;
mod files;
mod form;
mod incident;
mod letter;
mod outbox;
mod people;
mod registered;
mod sheet;
mod stop_confirmed;
mod structure;

pub use ask::Ask;
pub use case::CasePage;
pub use cases::{Cases, WaitingCases};
pub use contacts::ContactsPage;
pub use outbox::OutboxPage;
pub use people::People;
pub use sheet::SheetPage;
pub use structure::Structure;
