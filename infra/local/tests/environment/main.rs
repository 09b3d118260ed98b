//! The whole product on embedded DynamoDB and S3, used by people over HTTP: a module for each subject.
//!
//! One program, because linking the product once for each subject took longer than most of its tests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod support;

mod asked;
mod attachments;
mod audit;
mod audit_guide;
mod aws;
mod backup;
mod bad_input;
mod bundle;
mod by_system;
mod care_of_the_system;
mod cases;
mod consent;
mod contract;
mod data_use;
mod disposal;
mod drill;
mod during_stops;
mod edge;
mod erasure;
mod facilities;
mod factors;
mod faults;
mod founding;
mod incidents;
mod keys;
mod killed;
mod lambda;
mod ledger;
mod monitor;
mod monitor_outside;
mod monitor_ring;
mod notes;
mod one_draft;
mod outbox;
mod papers;
mod passkeys;
mod portal;
mod restore;
mod runbooks;
mod session;
mod stops;
mod structure;
mod units;
