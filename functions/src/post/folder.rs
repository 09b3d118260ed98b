//! Mails of an environment that sends none out: a file each in a folder.

use super::{Post, compose};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use shared::procedure::notice_mail::MailText;
use std::path::{Path, PathBuf};

/// A folder that mails are put into: `<name>.eml` as it would travel, `<name>.json` as people read it.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    from: String,
}

/// A mail in the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

impl Folder {
    /// Over a folder, made where it is missing.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new(path: &Path, from: &str) -> std::io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned(), from: from.to_owned() })
    }

    /// What lies in it, newest first, at most so many.
    pub fn newest(&self, most: usize) -> Vec<Kept> {
        let read = std::fs::read_dir(&self.path).into_iter().flatten().flatten();
        let json = read.filter(|file| file.path().extension().is_some_and(|ending| ending == "json"));
        let mut files: Vec<_> =
            json.filter_map(|file| Some((file.metadata().ok()?.modified().ok()?, file.path()))).collect();
        files.sort();
        let newest = files.into_iter().rev().take(most);
        newest.filter_map(|(_, path)| serde_json::from_slice(&std::fs::read(path).ok()?).ok()).collect()
    }

    fn put(&self, to: &str, name: &str, mail: &MailText) -> Result<(), String> {
        let travels = compose(&self.from, to, name, mail)?;
        let kept = Kept { to: to.to_owned(), subject: mail.subject.clone(), text: mail.text.clone() };
        let kept = serde_json::to_vec_pretty(&kept).map_err(|why| why.to_string())?;
        let write = |ending: &str, bytes: &[u8]| {
            std::fs::write(self.path.join(format!("{name}.{ending}")), bytes)
                .map_err(|why| why.kind().to_string())
        };
        write("eml", &travels)?;
        write("json", &kept)
    }
}

impl Post for Folder {
    fn send<'a>(
        &'a self,
        to: &'a str,
        name: &'a str,
        mail: &'a MailText,
    ) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move { self.put(to, name, mail) })
    }
}
