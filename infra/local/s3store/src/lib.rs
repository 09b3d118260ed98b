//! A persistent S3 store for the local environment and for tests, with Object Lock enforced.
//!
//! [`serve`] answers the S3 protocol on a listener; [`S3Store::open`] opens the folder behind it. Signatures,
//! routing and XML come from `s3s`; this crate adds what must last: versions, locks and multipart uploads in
//! SQLite, bodies in plain files. A client needs nothing but another endpoint URL, path-style addressing and the
//! configured key pair; any region name is accepted.
//!
//! `examples/serve.rs` is the whole of it.
//!
//! # What an answer means
//!
//! A body is written to its own new file, hashed on the way, and it and its folder are synced. Then one immediate
//! transaction checks the condition of the request again, works out the lock and inserts the version, with the
//! journal synced at commit. Only then is the request answered, so whatever was acknowledged is there after a
//! crash. Files that no row names are removed when the store is opened.
//!
//! # What Object Lock means here, and what it does not
//!
//! No request can delete, shorten or weaken a version in COMPLIANCE mode before its date, with or without the
//! bypass header; GOVERNANCE yields to the bypass header alone; a legal hold yields to nothing but its own removal.
//! **This binds the API, not the owner of the disk**: whoever can write to the folder can delete its files, and
//! whoever sets the clock decides what has expired. It is the same rule as in the cloud for a program that talks
//! to it, and no evidence at all against an administrator of the machine. Nor does the store encrypt: a requested
//! server-side encryption is recorded and reported, never carried out.
//!
//! # Limits
//!
//! One process per folder (a second [`S3Store::open`] is refused). Not written: bucket policies and access lists
//! (every caller with the key pair may do everything), lifecycle rules are kept but never carried out,
//! `UploadPartCopy`, object attributes, replication, notifications.

mod api;
mod attributes;
mod body;
mod bucket;
mod clock;
mod complete;
mod condition;
mod copy;
mod cors;
mod delete;
mod digest;
mod fail;
mod list;
mod lock;
mod multipart;
mod object;
mod preflight;
mod retention;
mod schema;
mod serve;
mod settings;
mod store;
mod tagging;
mod text;
mod uploads;
mod version;

pub use clock::{Clock, system_clock};
pub use serve::serve;
pub use store::{OpenError, S3Store, StoreConfig};
