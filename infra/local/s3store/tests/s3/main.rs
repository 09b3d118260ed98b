//! The store as clients see it: every test starts its own on a free port and talks to it through the AWS SDK, or
//! over a bare connection where a browser or a forger would.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;
mod checksums;
mod conditions;
mod cors;
mod listing;
mod locks;
mod ministack;
mod multipart;
mod objects;
mod persistence;
mod presigned;
mod settings;
mod sigv4;
