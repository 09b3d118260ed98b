//! What a box costs beside gzip alone, and beside copying the same bytes.

use super::{super::Options, super::report::head, super::scene::Texts, rate};
use crate::commands::say;
use anyhow::{Result, anyhow};
use functions::{
    evidence::{
        boxes::{self, Broken, Lines, Place},
        ring::Key,
    },
    random,
};
use shared::{
    calendar::Timestamp,
    evidence::{Holds, KeyName},
    id::{AttachmentId, PatientId},
};
use std::{hint::black_box, time::Instant};

/// Lines of one box: a patient's day.
const LINES: usize = 8;
/// Bytes of one file.
const FILE: usize = 500_000;

/// Measures boxes of lines and of files.
pub fn run(options: &Options, texts: &mut Texts) -> Result<()> {
    let megabytes: usize = if options.quick { 1 } else { 40 };
    head(&format!("boxes, {megabytes} MB of each"));
    let day = Timestamp::from_ms(1_795_500_000_000).day();
    let patient = random::id(day.start(), PatientId::from_parts);
    let keys = [Key::from([7; 32]), Key::from([9; 32])];
    let names = vec![KeyName::Day(day), KeyName::Patient(patient)];
    let (mut packs, mut bytes) = (Vec::new(), 0);
    while bytes < megabytes * 1_000_000 {
        let lines =
            (0..LINES).map(|_| serde_json::to_string(&texts.next())).collect::<Result<Vec<_>, _>>()?;
        bytes += lines.iter().map(|line| line.len() + 1).sum::<usize>();
        packs.push(lines);
    }
    let place = Place { holds: Holds::Journal, keys: names.clone(), file: None, lines: LINES as u64 };
    let pack = |lines: &[String]| -> Result<Vec<u8>, Broken> {
        let mut packed = Lines::default();
        lines.iter().try_for_each(|line| packed.push(line))?;
        packed.finish()
    };
    let copy = each(&packs, |lines| Ok(lines.join("\n").into_bytes()))?;
    let gzip = each(&packs, |lines| pack(lines))?;
    let sealed = each(&packs, |lines| boxes::seal(&place, &keys, pack(lines)?))?;
    let opened = each(&sealed.1, |sealed| open(sealed, &keys))?;
    tell("lines", bytes, [copy.0, gzip.0, sealed.0, opened.0]);

    let mut chance = fastrand::Rng::with_seed(options.seed);
    let file = || std::iter::repeat_with(|| chance.u8(..)).take(FILE).collect::<Vec<_>>();
    let files: Vec<_> = std::iter::repeat_with(file).take(megabytes * 1_000_000 / FILE).collect();
    let file = Some(random::id(day.start(), AttachmentId::from_parts));
    let place = Place { holds: Holds::File, keys: names, file, lines: 1 };
    let copy = each(&files, |file| Ok(file.clone()))?;
    let gzip = each(&files, |file| boxes::compress(file))?;
    let sealed = each(&files, |file| boxes::seal(&place, &keys, boxes::compress(file)?))?;
    let opened = each(&sealed.1, |sealed| open(sealed, &keys))?;
    tell("files", files.len() * FILE, [copy.0, gzip.0, sealed.0, opened.0]);
    Ok(())
}

fn open(sealed: &[u8], keys: &[Key]) -> Result<Vec<u8>, Broken> {
    let first = boxes::split(sealed.to_vec().into()).next().ok_or(Broken)??;
    boxes::decompress(&first.open(keys)?)
}

/// Does it with each; the seconds, and what came of it.
fn each<T>(all: &[T], work: impl Fn(&T) -> Result<Vec<u8>, Broken>) -> Result<(f64, Vec<Vec<u8>>)> {
    let start = Instant::now();
    let made = all.iter().map(|one| black_box(work(black_box(one)))).collect::<Result<Vec<_>, _>>();
    let seconds = start.elapsed().as_secs_f64();
    Ok((seconds, made.map_err(|broken| anyhow!("{broken:?}"))?))
}

fn tell(what: &str, bytes: usize, [copy, gzip, sealed, opened]: [f64; 4]) {
    let rate = |seconds: f64| rate(bytes as u64, seconds);
    say(&format!(
        "  {what}: sealed {:.1} MB/s, {:.2} x gzip alone ({:.1} MB/s); opened {:.1} MB/s; copied {:.0} MB/s",
        rate(sealed),
        sealed / gzip.max(f64::EPSILON),
        rate(gzip),
        rate(opened),
        rate(copy)
    ));
}
