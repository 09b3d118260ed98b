//! Pages of the contact book.

pub mod circle;
mod find;
mod patient_item;
mod patients;
pub mod thread;
mod waiting;

pub use patient_item::PatientCards;
pub use patients::Patients;
pub use waiting::Waiting;
