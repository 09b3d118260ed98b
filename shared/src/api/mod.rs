//! The contract: every endpoint declared once, for the browser that calls it and the server that answers.
//!
//! An endpoint is a type that names its method, path, authority and audit class, and the types of its path
//! arguments, request and reply. [`all`] lists them: the dispatcher routes that list, tests walk it, and the
//! OpenAPI document is made from it.

pub mod audit;
pub mod book;
pub mod bundle;
pub mod error;
pub mod evidence;
pub mod path;
pub mod people;
pub mod portal;
pub mod procedure;
pub mod runbook;

use crate::{authority::Action, id::CommandId};
use serde::{Serialize, de::DeserializeOwned};

/// The oldest client whose messages this server still understands; see [`crate::CONTRACT`].
pub const OLDEST_CONTRACT: u32 = 1;
/// Header with the client's [`crate::CONTRACT`]. A foreign page cannot send it: it also guards against
/// cross-site requests.
pub const CONTRACT_HEADER: &str = "x-tsunagaru-contract";
/// Header with the SHA-256 of the body in hex; the edge signs with it, the server checks it.
pub const BODY_HASH_HEADER: &str = "x-amz-content-sha256";
/// Header with the seconds since the person last touched a page of ours: what a page asks by itself is no use of it.
pub const IDLE_HEADER: &str = "x-tsunagaru-idle";
/// Header with the account whose page asks. A browser's tabs share one session: what a page of the person before still
/// sends is not the next person's (Art. 5). A sign-in, and a page that does not know it yet, have none.
pub const ACCOUNT_HEADER: &str = "x-tsunagaru-account";
/// Header of every answer: the request's number.
pub const REQUEST_ID_HEADER: &str = "x-request-id";
/// Largest body of a request, in bytes; larger things go to the attachment store.
pub const BODY_MAX: usize = 256 * 1024;

/// HTTP methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; the request goes into the query.
    Get,
    /// Makes something or takes a step; the request is the JSON body.
    Post,
    /// Sets something to what the body says, however often it is sent.
    Put,
    /// Ends something.
    Delete,
}

impl Method {
    /// As HTTP spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether the request travels in the body.
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

/// What an endpoint leaves in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditClass {
    /// Changes something: the event is written in the same transaction as the change.
    Change,
    /// Reads somebody's data: the event is written before the answer leaves.
    Read,
    /// Answers with numbers or the caller's own session only: refusals leave an event, answers do not.
    Quiet,
    /// Says the same to everybody: no event.
    Public,
}

/// An endpoint, as data.
#[derive(Clone, Copy, Debug)]
pub struct EndpointInfo {
    /// Its name, unique.
    pub name: &'static str,
    /// Method.
    pub method: Method,
    /// Path template with `{arguments}`.
    pub path: &'static str,
    /// What it needs.
    pub action: Action,
    /// What it leaves.
    pub audit: AuditClass,
    /// What it is for.
    pub doc: &'static str,
}

/// An endpoint, as a type.
pub trait Endpoint: 'static {
    /// As data.
    const INFO: EndpointInfo;
    /// Path arguments.
    type Path: path::PathArgs;
    /// Query or body.
    type Request: Serialize + DeserializeOwned + Send;
    /// Answer.
    type Reply: Serialize + DeserializeOwned + Send;
}

/// Nothing to ask or nothing to say: `{}` on the wire, so that fields can be added later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Empty {}

/// A command without further content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Command {
    /// Made by the client.
    pub command: CommandId,
}

macro_rules! endpoints {
    ($($(#[doc = $doc:literal])+ $name:ident = $method:ident $path:literal ($args:ty) $action:ident $audit:ident $request:ty => $reply:ty;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl $crate::api::Endpoint for $name {
                const INFO: $crate::api::EndpointInfo = $crate::api::EndpointInfo {
                    name: stringify!($name),
                    method: $crate::api::Method::$method,
                    path: $path,
                    action: $crate::authority::Action::$action,
                    audit: $crate::api::AuditClass::$audit,
                    doc: concat!($($doc),+),
                };
                type Path = $args;
                type Request = $request;
                type Reply = $reply;
            }
        )+
        /// The endpoints of this subject.
        pub const ALL: &[$crate::api::EndpointInfo] = &[$(<$name as $crate::api::Endpoint>::INFO),+];

        /// The schemas of this subject's requests and replies, by endpoint name.
        #[cfg(feature = "schema")]
        pub fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema, schemars::Schema)> {
            vec![$((stringify!($name), generator.subschema_for::<$request>(), generator.subschema_for::<$reply>())),+]
        }
    };
}
pub(crate) use endpoints;

/// Every endpoint.
pub fn all() -> impl Iterator<Item = &'static EndpointInfo> {
    people::ALL
        .iter()
        .chain(book::ALL)
        .chain(evidence::ALL)
        .chain(procedure::ALL)
        .chain(audit::ALL)
        .chain(portal::ALL)
        .chain(runbook::ALL)
        .chain(bundle::ALL)
}

/// The endpoints as a table that people read (`tests/golden/endpoints.txt`).
pub fn in_words() -> String {
    use std::fmt::Write;
    let mut out = String::from("# Endpoints: method, path, action, audit class, purpose\n");
    for e in all() {
        let _ = writeln!(
            out,
            "{:6} {}\n       {} · {:?} ·{}",
            e.method.as_str(),
            e.path,
            e.action.wire(),
            e.audit,
            e.doc
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_endpoints_share_a_route_or_a_name() {
        let routes: BTreeSet<_> = all().map(|e| (e.method.as_str(), path::shape(e.path))).collect();
        let names: BTreeSet<_> = all().map(|e| e.name).collect();
        assert_eq!(routes.len(), all().count());
        assert_eq!(names.len(), all().count());
    }

    #[test]
    fn what_changes_is_not_a_get() {
        for e in all() {
            assert_eq!(e.audit == AuditClass::Change, e.method != Method::Get, "{}", e.name);
            assert!(e.path.starts_with("/api/"), "{}", e.name);
        }
    }
}
