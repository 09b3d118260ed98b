//! The release in its bucket: everything under a key that says what is in it, kept for five years, sent once.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

use super::aws::Aws;
use super::package::Release;
use super::stacks::{self, HOME};
use crate::paths;
use crate::web::site::Site;

/// Puts zips, templates, site and the list of what was packed into the bucket of releases (Art. 21(4)).
pub fn release(aws: &Aws, bucket: &str) -> Result<()> {
    let release = Release::read()?;
    let mut tray = Tray::new("release")?;
    for zip in &release.zips {
        let file = Release::folder().join(format!("{}.zip", zip.name));
        let bytes =
            fs::read(&file).with_context(|| format!("{}.zip is missing: cargo xtask package", zip.name))?;
        if hex::encode(Sha256::digest(bytes)) != zip.sha256 {
            bail!("{}.zip is not the one that was packed: cargo xtask package", zip.name);
        }
        tray.lay(&format!("zips/{}/{}.zip", release.release, zip.name), &file)?;
    }
    for stack in stacks::all()? {
        let hash = hex::encode(Sha256::digest(fs::read(&stack.template)?));
        tray.lay(&format!("templates/{hash}/{}.yaml", stack.name), &stack.template)?;
    }
    tray.lay(&format!("releases/{}.json", release.release), &Release::folder().join("release.json"))?;
    let site = Site::read()?;
    for file in &site.files {
        let name = file.path.trim_start_matches('/');
        tray.lay(&format!("site/{}/{name}", site.version), &paths::site().join(name))?;
    }
    // Keys carry hashes: what is there in the same size is the same.
    tray.send(aws, bucket, &["--size-only"])
}

/// A folder in which lies what goes to a bucket, under the keys that it gets there.
pub struct Tray(PathBuf);

impl Tray {
    /// An empty one.
    pub fn new(name: &str) -> Result<Self> {
        let folder = paths::target().join("upload").join(name);
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Lays a file onto it.
    pub fn lay(&mut self, key: &str, file: &Path) -> Result<()> {
        let place = self.0.join(key);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(file, place).with_context(|| format!("{} is missing", file.display()))?;
        Ok(())
    }

    /// Sends it, and says what was not there before.
    pub fn send(self, aws: &Aws, bucket: &str, more: &[&str]) -> Result<()> {
        let (from, to) = (self.0.display().to_string(), format!("s3://{bucket}"));
        // A locked bucket takes nothing without a checksum.
        let mut arguments = vec!["s3", "sync", &from, &to, "--no-progress", "--checksum-algorithm", "SHA256"];
        arguments.extend(more);
        for line in aws.text(HOME, &arguments)?.lines() {
            if let Some((_, key)) = line.split_once(&format!(" to {to}/")) {
                println!("  + {key}");
            }
        }
        fs::remove_dir_all(&self.0).ok();
        Ok(())
    }
}
