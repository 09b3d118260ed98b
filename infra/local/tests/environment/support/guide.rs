//! Commands out of documents for people, run as they stand there, and their answers compared with what stands below them.
//!
//! A fence ```` ```sh ```` is run; the fence ```` ```text ```` that follows it is what it must answer: `…` stands for anything,
//! also for nothing. Other fences are for the eye only.

use super::Person;
use local::{cloud::settings, commands::TEST_CLOCK, describe::Description, testclock::TestClock};
use shared::{
    api::people::{ProveFactor, SignIn},
    people::FactorProof,
};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A command as it stands in a document, with what it must answer.
#[derive(Debug)]
pub struct Fenced {
    pub line: usize,
    pub command: String,
    pub answer: Option<String>,
}

/// The commands of a document, in order.
pub fn fences(text: &str) -> Vec<Fenced> {
    let mut found: Vec<Fenced> = Vec::new();
    let mut open: Option<(String, usize, Vec<&str>)> = None;
    let mut awaits = false;
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        match &mut open {
            None if trimmed.starts_with("```") => {
                open = Some((trimmed[3..].trim().to_owned(), line.len() - trimmed.len(), Vec::new()));
            }
            None => {}
            Some((kind, indent, lines)) if trimmed == "```" => {
                let body: Vec<&str> = lines.iter().map(|line| line.get(*indent..).unwrap_or("")).collect();
                let body = body.join("\n");
                match kind.as_str() {
                    "sh" => {
                        found.push(Fenced { line: at + 1, command: body, answer: None });
                        awaits = true;
                    }
                    "text" if awaits => {
                        found.last_mut().unwrap().answer = Some(body);
                        awaits = false;
                    }
                    _ => awaits = false,
                }
                open = None;
            }
            Some((_, _, lines)) => lines.push(line),
        }
    }
    found
}

/// Whether an output is what a document says, `…` standing for anything.
pub fn matches(answer: &str, output: &str) -> bool {
    let mut parts = answer.trim().split('…').map(|part| part.trim_matches(' ')).peekable();
    let mut rest = output.trim();
    let mut first = true;
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        let found = match (first, last) {
            (true, true) => return rest == part,
            (true, false) => rest.strip_prefix(part),
            (false, true) if part.is_empty() => return true,
            (false, true) => return rest.ends_with(part),
            (false, false) => rest.find(part).map(|at| &rest[at + part.len()..]),
        };
        let Some(after) = found else { return false };
        rest = after;
        first = false;
    }
    true
}

/// When the commands are typed: an hour after the environment was started, so that nothing it did lies ahead of them.
const LATER: &str = "2026-11-20T11:00:00+09:00";

/// The command that goes well once the archive has an object under this prefix, with these words in its key.
pub fn kept(prefix: &str, words: &str) -> String {
    format!(
        "aws s3api list-objects-v2 --bucket \"$ARCHIVE\" --prefix {prefix} --query 'Contents[].Key' --output text | grep --quiet {words}"
    )
}

/// An environment of its own process on a small city, and what its commands need.
pub struct Running {
    child: Child,
    folder: tempfile::TempDir,
    pub url: String,
    clock: TestClock,
}

impl Running {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Before it starts: however long the city takes to load, both clocks show the same.
        let clock = TestClock::starting_at(super::START.parse().unwrap());
        let mut child = Command::new(binary())
            .args(["serve", "--small", "--port", "0", "--clock", super::START, "--data"])
            .arg(folder.path().join("data"))
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let url = ready(&mut child);
        Self { child, folder, url, clock }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where commands are run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody of the demo who signs in to it.
    pub async fn sign_in(&self, user_id: &str) -> Person {
        let text = std::fs::read(self.data().join("local.json")).unwrap();
        let described: Description = serde_json::from_slice(&text).unwrap();
        let app = described.aws.app(std::sync::Arc::new(self.clock.clone()), settings(Vec::new()));
        let address = self.url.strip_prefix("http://").unwrap().to_owned();
        let mut person = Person { address, cookie: None, me: None, page: None };
        person.ok::<SignIn>(&(), &super::credentials(user_id, demo::DEMO_PASSWORD)).await;
        let code = local::secondfactor::fresh_code(&app, user_id).await.unwrap();
        person.me = Some(person.ok::<ProveFactor>(&(), &FactorProof { code }).await);
        person
    }

    fn described(&self, pointer: &str) -> String {
        let text = std::fs::read(self.data().join("local.json")).unwrap();
        let described: serde_json::Value = serde_json::from_slice(&text).unwrap();
        described.pointer(pointer).and_then(|value| value.as_str()).unwrap().to_owned()
    }

    /// Runs a command as a person types it: `cargo xtask` is the very binary under test; whether it went well, and
    /// everything that it said.
    pub fn run(&self, aws: &Path, variables: &[(&str, &str)], command: &str) -> (bool, String) {
        let here = format!(
            "set -o pipefail\ncargo() {{ shift; '{}' \"$@\"; }}\nexec 2>&1\n{command}",
            binary().display()
        );
        let path =
            format!("{}:{}", aws.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
        let done = Command::new("bash")
            .args(["-c", &here])
            .current_dir(self.folder())
            .env("PATH", path)
            .env("RUST_LOG", "error")
            .env(TEST_CLOCK, LATER)
            .env("DIR", self.data())
            .env("NEW", self.folder().join("restored"))
            .env("ONE", self.folder().join("one"))
            .env("URL", &self.url)
            .env("ME", "sa-01")
            .env("ARCHIVE", local::cloud::ARCHIVE)
            .env("TABLE", local::cloud::TABLE)
            .env("AWS_ACCESS_KEY_ID", self.described("/aws/access_key_id"))
            .env("AWS_SECRET_ACCESS_KEY", self.described("/aws/secret_access_key"))
            .env("AWS_DEFAULT_REGION", self.described("/aws/region"))
            .env("AWS_ENDPOINT_URL_S3", self.described("/aws/s3"))
            .env("AWS_ENDPOINT_URL_DYNAMODB", self.described("/aws/dynamodb"))
            .env("AWS_CONFIG_FILE", self.folder().join("no-config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.folder().join("no-credentials"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_PAGER", "")
            .env_remove("AWS_PROFILE")
            .env_remove("AWS_SESSION_TOKEN")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// Runs a command every second until it goes well. One that never does is a failure that says what it said.
    pub fn until(&self, aws: &Path, variables: &[(&str, &str)], command: &str) {
        let mut said = String::new();
        for _ in 0..90 {
            let (well, now) = self.run(aws, variables, command);
            if well {
                return;
            }
            said = now;
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
        panic!("it never went well: {command}\n{said}");
    }

    /// Runs every command of a document in its order, each in a shell of its own.
    pub fn follow(&self, name: &str, aws: &Path, variables: &[(&str, &str)], text: &str) -> usize {
        let fences = fences(text);
        for Fenced { line, command, answer } in &fences {
            let answer =
                answer.as_ref().unwrap_or_else(|| panic!("{name}:{line}: nothing says what it answers"));
            let (_, output) = self.run(aws, variables, command);
            assert!(
                matches(answer, &output),
                "{name}:{line}\n{command}\n--- answered\n{output}\n--- not\n{answer}"
            );
        }
        fences.len()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_tsunagaru-local"))
}

fn ready(child: &mut Child) -> String {
    use std::io::BufRead;
    let mut said = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let url =
        said.by_ref().map_while(Result::ok).find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
    // What it says later must not fill a pipe that nobody reads.
    std::thread::spawn(move || said.for_each(drop));
    url.unwrap_or_else(|| panic!("the environment did not start"))
}

/// The `aws` command of `cargo xtask test`; `None` where it was not installed.
pub fn aws() -> Option<PathBuf> {
    let path = std::env::var_os("TSUNAGARU_AWS").map(PathBuf::from);
    if path.is_none() {
        eprintln!("skipped: TSUNAGARU_AWS names no command; `cargo xtask test` installs one");
    }
    path
}
