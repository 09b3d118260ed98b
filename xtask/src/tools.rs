//! Every tool the project stands on, with its version and the reason for it: one table. `dev` and `test`
//! install what is missing; what is there in the right version is recognised without the network.

pub mod browser;
pub mod crates;
pub mod debian;
pub mod npm;
pub mod python;
pub mod wasm;

use crates::Crate;
use debian::Package;
use python::{Locked, Venv};

/// Builds the site: cargo, wasm-bindgen and wasm-opt in one go. The last version that Rust 1.95 compiles.
/// (wasm-opt comes from npm: see frontend/package.json.)
pub const TRUNK: Crate = Crate { name: "trunk", version: "0.21.14", locked: true, why: "it builds the site" };

/// The name of the bindings generator. Its version is that of the library in Cargo.lock, see [`crates::wasm_bindgen`].
pub const WASM_BINDGEN: Crate = Crate {
    name: "wasm-bindgen-cli",
    version: "",
    // Its own lock file names a version that the registry has withdrawn.
    locked: false,
    why: "it connects the compiled site with the browser",
};

/// Finds dependencies that no source file names.
pub const MACHETE: Crate =
    Crate { name: "cargo-machete", version: "0.9.2", locked: true, why: "it finds unused dependencies" };

/// A second, independent S3, against which ours is compared call by call.
pub const MINISTACK: Venv =
    Venv { name: "ministack", executable: "ministack", version: "1.5.33", why: "our S3 is compared with it" };

/// What an auditor types: the commands of the auditor's guide and of the runbooks are run with it.
pub const AWS: Venv = Venv {
    name: "awscli",
    executable: "aws",
    version: "1.45.11",
    why: "the auditor's guide and the runbooks are tried with it",
};

/// The provider's command line, and what proves the templates without an account: linter, emulator, clients. The file has
/// every version.
pub const CLOUD: Locked = Locked {
    name: "cloud",
    versions: "infra/aws/tests/requirements.txt",
    last: "aws",
    why: "it deploys to the cloud and proves its templates",
};

/// The browser of the journeys. What drives it comes from npm: see e2e/package.json.
pub const CHROMIUM: &[Package] = &[Package { name: "chromium", why: "the journeys run in it" }];

/// What the auditor's guide checks signatures with.
pub const OPENSSL: &[Package] =
    &[Package { name: "openssl", why: "the auditor's guide checks signatures with it" }];

/// Letters for the browser.
pub const FONTS: &[Package] = &[
    Package { name: "fonts-noto-cjk", why: "without it Japanese text is empty boxes" },
    Package { name: "fontconfig", why: "it knows which fonts there are" },
];

/// Debian's compiler with the sources of its standard library, for networks where rustup reaches nothing.
pub const WASM_COMPILER: &[Package] = &[
    Package { name: "rustc-web", why: "it compiles for the browser" },
    Package { name: "cargo-web", why: "it drives that compiler" },
    Package { name: "rust-web-src", why: "the standard library, to be compiled for the browser" },
    Package { name: "libstd-rust-web-dev", why: "the standard library for build scripts" },
];

/// The lints of that compiler.
pub const WASM_LINTS: &[Package] =
    &[Package { name: "rust-web-clippy", why: "lints for the browser's code" }];
