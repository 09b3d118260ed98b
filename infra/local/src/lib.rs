//! The local environment: the very handlers, clients and jobs of the cloud, against a DynamoDB and an S3 that
//! run in this process and persist to a folder. Also the test bench: every test starts its own on free ports.
//!
//! What it is not: COMPLIANCE locks bind its S3 interface, not the owner of the disk. Evidence for an auditor
//! comes from the cloud environment only.

pub mod bench;
pub mod cloud;
pub mod commands;
pub mod control;
pub mod describe;
pub mod disk;
pub mod door;
pub mod lambda_runtime;
pub mod load;
mod portal;
pub mod post;
pub mod press;
pub mod restore;
pub mod schedule;
pub mod secondfactor;
pub mod serve;
pub mod site;
pub mod testclock;
