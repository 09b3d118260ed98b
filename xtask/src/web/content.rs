//! Contents as short hashes: for file names, for the build's version, and to see whether inputs have changed.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

use crate::paths;

/// The first 64 bits of SHA-256, in hexadecimal: no two builds of a project will meet by chance.
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..8])
}

/// One hash of the files and folders below the root, and of further texts.
pub fn of_inputs(places: &[&str], texts: &[String]) -> Result<String> {
    let mut lines = texts.to_vec();
    for place in places {
        for file in files(&paths::root().join(place))? {
            let bytes = fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
            lines.push(format!("{} {}", file.strip_prefix(paths::root())?.display(), hash(&bytes)));
        }
    }
    Ok(hash(lines.join("\n").as_bytes()))
}

/// All files at or below a path, sorted, without what is installed or generated.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).with_context(|| format!("could not read {}", path.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if !path.ends_with("node_modules") && !path.ends_with("dist") {
            found.extend(files(&path)?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_short_and_depends_on_every_byte() {
        assert_eq!(hash(b"abc"), "ba7816bf8f01cfea");
        assert_ne!(hash(b"abd"), hash(b"abc"));
    }
}
