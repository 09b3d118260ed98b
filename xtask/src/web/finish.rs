//! From what Trunk wrote to what is served: names by content, no code in pages, compressed copies, `site.json`.

use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::site::{PROGRAMS, SIGN_IN, Site, SiteFile};
use super::{compress, content, pages, runbooks};
use crate::paths;

/// A file's bytes by its address, which starts with a slash.
type Files = BTreeMap<String, Vec<u8>>;

/// Makes target/site from what Trunk wrote for each page that loads a program. The old site stays whole until the new
/// one is.
pub fn finish(built: &[(&str, PathBuf)]) -> Result<Site> {
    let frontend = paths::root().join("frontend");
    let mut files = Files::new();
    let mut names = BTreeMap::new();
    for (address, bytes) in read_built(built)? {
        let (address, bytes) = if renamed(&address) {
            let new = with_hash(&address, &bytes);
            names.insert(address, new.clone());
            (new, bytes)
        } else {
            (address, bytes)
        };
        files.insert(address, bytes);
    }
    let mut immutable: BTreeSet<String> = names.values().cloned().collect();
    if frontend.join("static").is_dir() {
        files.extend(read(&frontend.join("static"))?);
    }
    files.extend(runbooks::files()?);
    for (address, bytes) in read_pages(&frontend)? {
        // Trunk has made its own version of the pages that load a program.
        files.entry(address).or_insert(bytes);
    }

    let page_names: Vec<_> = files.keys().filter(|address| address.ends_with(".html")).cloned().collect();
    let mut finished = Vec::new();
    for name in &page_names {
        let bytes = files.remove(name).unwrap_or_default();
        let text = String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8"))?;
        let mut page = pages::rename(&text, &names);
        if built.iter().any(|(program, _)| name[1..] == **program) {
            let (before, code, after) = pages::cut_script(&page)
                .with_context(|| format!("Trunk wrote no script that starts the program of {name}"))?;
            let address = with_hash("/start.js", code.as_bytes());
            files.insert(address.clone(), code.into());
            immutable.insert(address.clone());
            page = format!("{before}<script type=\"module\" src=\"{address}\"></script>{after}");
        }
        pages::check(name, &page)?;
        finished.push((name.clone(), page));
    }
    let version = version(&files, &finished);
    files.extend(
        finished.into_iter().map(|(name, page)| (name, page.replace(pages::BUILD, &version).into_bytes())),
    );

    let next = paths::target().join("site.next");
    fs::remove_dir_all(&next).ok();
    write(&next, &files)?;
    let site = describe(&next, version, &files, &immutable)?;
    fs::write(next.join("site.json"), serde_json::to_vec_pretty(&site)?)?;
    fs::remove_dir_all(paths::site()).ok();
    fs::rename(&next, paths::site()).context("the finished site could not be moved to target/site")?;
    Ok(site)
}

/// What Trunk wrote, all in one: style sheets and the like are the same in each folder.
fn read_built(built: &[(&str, PathBuf)]) -> Result<Files> {
    let mut all = Files::new();
    for (page, folder) in built {
        for (address, bytes) in read(folder)? {
            let address = if address == "/index.html" { format!("/{page}") } else { address };
            if all.get(&address).is_some_and(|other| *other != bytes) {
                bail!("{address} of {page} differs from another program's file of this name");
            }
            all.insert(address, bytes);
        }
    }
    Ok(all)
}

/// Only files at the top get a new name: scripts in folders are found by scripts, under the name they had.
fn renamed(address: &str) -> bool {
    !address.ends_with(".html") && !address[1..].contains('/')
}

fn with_hash(address: &str, bytes: &[u8]) -> String {
    let (stem, kind) = address.rsplit_once('.').unwrap_or((address, "bin"));
    format!("{stem}-{}.{kind}", content::hash(bytes))
}

fn version(files: &Files, pages: &[(String, String)]) -> String {
    let files = files.iter().map(|(address, bytes)| format!("{address} {}", content::hash(bytes)));
    let pages = pages.iter().map(|(address, page)| format!("{address} {}", content::hash(page.as_bytes())));
    content::hash(files.chain(pages).collect::<Vec<_>>().join("\n").as_bytes())
}

fn read(folder: &Path) -> Result<Files> {
    let files = content::files(folder)?.into_iter().map(|file| {
        let address = format!("/{}", file.strip_prefix(folder)?.display());
        Ok((address, fs::read(&file)?))
    });
    files.collect()
}

/// The pages in the frontend's folder: those without a program are served as they are.
fn read_pages(frontend: &Path) -> Result<Files> {
    let mut found = Files::new();
    for entry in fs::read_dir(frontend)? {
        let file = entry?.path();
        if let Some(name) =
            file.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".html"))
        {
            found.insert(format!("/{name}"), fs::read(&file)?);
        }
    }
    Ok(found)
}

fn write(folder: &Path, files: &Files) -> Result<()> {
    for (address, bytes) in files {
        let file = on_disk(folder, address);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}

fn on_disk(folder: &Path, address: &str) -> PathBuf {
    folder.join(address.trim_start_matches('/'))
}

fn describe(folder: &Path, version: String, files: &Files, immutable: &BTreeSet<String>) -> Result<Site> {
    let shrinking: Vec<_> =
        files.keys().map(|address| on_disk(folder, address)).filter(|file| compress::shrinks(file)).collect();
    let sizes = compress::compress(&shrinking)?;
    let first = PROGRAMS.map(|program| (program.page, reached(files, [SIGN_IN, program.page])));
    let described = files.iter().map(|(address, bytes)| {
        let size = sizes.get(&on_disk(folder, address));
        let visits = first.iter().filter(|(_, reached)| reached.contains(address.as_str()));
        SiteFile {
            path: address.clone(),
            bytes: bytes.len() as u64,
            br: size.map(|size| size.br),
            gz: size.map(|size| size.gz),
            immutable: immutable.contains(address),
            first_visit: visits.map(|(page, _)| (*page).to_owned()).collect(),
        }
    });
    Ok(Site { version, files: described.collect() })
}

/// These pages (one signs in on one and works on another), and every file whose address they name, directly or
/// through another file.
fn reached<'a>(files: &'a Files, pages: [&str; 2]) -> BTreeSet<&'a str> {
    let pages = pages.map(|page| format!("/{page}"));
    let mut found: BTreeSet<&str> =
        files.keys().map(String::as_str).filter(|address| pages.iter().any(|page| page == address)).collect();
    let mut open: Vec<_> = found.iter().copied().collect();
    while let Some(address) = open.pop() {
        if !compress::shrinks(Path::new(address)) {
            continue; // images name nothing
        }
        let text = files.get(address).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        // What leads to another page does not load it.
        for other in files.keys().filter(|other| !other.ends_with(".html")) {
            if !found.contains(other.as_str()) && text.contains(other.as_str()) {
                found.insert(other);
                open.push(other);
            }
        }
    }
    found
}
