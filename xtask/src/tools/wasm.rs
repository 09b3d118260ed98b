//! A compiler for the browser. Ordinarily rustup adds its target; where rustup reaches nothing, Debian's
//! compiler makes the standard library from its sources. Both are set up here and nowhere else.

use anyhow::{Result, bail};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{WASM_COMPILER, WASM_LINTS, debian};
use crate::{paths, run};

/// The target's name.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// Where Debian keeps its cargo and rustc.
const DEBIAN_BIN: &str = "/usr/bin";
/// Where Debian keeps the sources of the standard library.
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/src/lib.rs";
/// Long enough for some 20 MB over a slow line, short enough for a line that is closed.
const PATIENCE: Duration = Duration::from_secs(150);

/// The compiler that was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Compiler {
    /// The project's own toolchain, with the target that rustup added.
    Rustup,
    /// Debian's, with a standard library compiled on the spot.
    Debian,
}

impl Compiler {
    /// Finds a compiler, or installs one. `TSUNAGARU_WASM=rustup` or `debian` leaves no choice.
    pub fn ensure() -> Result<Self> {
        let wanted = env::var("TSUNAGARU_WASM").unwrap_or_default();
        if !matches!(&*wanted, "" | "rustup" | "debian") {
            bail!("TSUNAGARU_WASM is “{wanted}”, but can only be “rustup” or “debian”");
        }
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        if wanted != "debian" {
            println!("Adding {TARGET} by rustup: the site is compiled for it.");
            let mut add = run::command("rustup");
            add.args(["target", "add", TARGET]);
            if run::works_within(&mut add, PATIENCE) && rustup_ready() {
                return Ok(Self::Rustup);
            }
            if wanted == "rustup" {
                bail!("rustup could not add the target; `{}` shows why", run::shown(&add));
            }
            println!("rustup reached nothing. Debian's compiler serves as well.");
        }
        debian::install(WASM_COMPILER)?;
        if debian_ready() {
            return Ok(Self::Debian);
        }
        bail!(
            "Debian's packages are installed, but {DEBIAN_BIN}/rustc or its library's sources are not there"
        )
    }

    /// What is there already, in silence.
    pub fn find() -> Option<Self> {
        let wanted = env::var("TSUNAGARU_WASM").unwrap_or_default();
        if wanted != "debian" && rustup_ready() {
            return Some(Self::Rustup);
        }
        (wanted != "rustup" && debian_ready()).then_some(Self::Debian)
    }

    /// Installs this compiler's lints.
    pub fn ensure_lints(self) -> Result<()> {
        match self {
            Self::Rustup => Ok(()), // rust-toolchain.toml names them
            Self::Debian => debian::install(WASM_LINTS),
        }
    }

    /// How it is called.
    pub fn name(self) -> String {
        let rustc = match self {
            Self::Rustup => run::command("rustc"),
            Self::Debian => run::command(Path::new(DEBIAN_BIN).join("rustc")),
        };
        let version = version_of(rustc).unwrap_or_default();
        match self {
            Self::Rustup => format!("{version}, by rustup"),
            Self::Debian => format!("{version}, by Debian, with the standard library from its sources"),
        }
    }

    /// Cargo's folder for this compiler. In a common folder, each would discard the other's work.
    pub fn target_dir(self) -> PathBuf {
        paths::target().join(match self {
            Self::Rustup => "wasm",
            Self::Debian => "wasm-debian",
        })
    }

    /// Lets the command find this compiler, and before it the executables in `folders`.
    pub fn set_up(self, command: &mut Command, folders: &[PathBuf]) -> Result<()> {
        let mut path = folders.to_vec();
        command.env("CARGO_TARGET_DIR", self.target_dir());
        if self == Self::Debian {
            path.push(DEBIAN_BIN.into());
            command
                .env("CARGO", Path::new(DEBIAN_BIN).join("cargo"))
                .env("RUSTC", Path::new(DEBIAN_BIN).join("rustc"))
                // A released compiler may compile its own standard library only when told that this is meant.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?)
                .env_remove("RUSTUP_TOOLCHAIN");
        }
        run::find_first_in(command, &path)
    }

    /// Its cargo.
    pub fn cargo(self) -> Result<Command> {
        let mut command = match self {
            Self::Rustup => run::cargo(),
            Self::Debian => run::command(Path::new(DEBIAN_BIN).join("cargo")),
        };
        self.set_up(&mut command, &[])?;
        Ok(command)
    }

    /// Its `cargo clippy`.
    pub fn clippy(self) -> Result<Command> {
        let mut command = match self {
            Self::Rustup => run::cargo(),
            // Cargo would prefer rustup's clippy, which belongs to another compiler.
            Self::Debian => run::command(Path::new(DEBIAN_BIN).join("cargo-clippy")),
        };
        command.arg("clippy");
        self.set_up(&mut command, &[])?;
        Ok(command)
    }
}

fn rustup_ready() -> bool {
    // The folder's name is printed even where there is no such folder.
    run::read(run::command("rustc").args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|dir| Path::new(dir.trim()).is_dir())
}

fn debian_ready() -> bool {
    let bin = Path::new(DEBIAN_BIN);
    // Debian's ordinary compiler, at the same place, is years older and has no sources beside it.
    bin.join("cargo").is_file() && bin.join("rustc").is_file() && Path::new(DEBIAN_SOURCES).is_file()
}

/// Debian packages no linker for the target; every toolchain of rustup carries one.
fn linker() -> Result<OsString> {
    let verbose = run::read(run::command("rustc").arg("-vV"))?;
    let host = verbose.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let sysroot = run::read(run::command("rustc").args(["--print", "sysroot"]))?;
    let linker = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin/rust-lld");
    if !linker.is_file() {
        bail!("this Rust toolchain has no rust-lld, which links for the browser; install Rust by rustup");
    }
    Ok(linker.into())
}

fn version_of(mut rustc: Command) -> Option<String> {
    let text = run::read(rustc.arg("--version")).ok()?;
    Some(text.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}
