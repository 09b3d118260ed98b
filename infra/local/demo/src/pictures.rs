//! Drawn pictures, 640 × 480, as JPEG: simple shapes, no text, no photograph of anybody or any place.

use crate::chance::Chance;
use image::{GenericImageView, Luma, Rgb, codecs::jpeg::JpegEncoder};

const WIDTH: usize = 640;
const HEIGHT: usize = 480;

type Colour = [u8; 3];

/// A picture of a kind.
pub(crate) fn picture(kind: &str, variant: usize) -> Vec<u8> {
    let mut chance = Chance::new(5, variant);
    let mut canvas = Canvas::new([247, 245, 240]);
    match kind {
        "wound" => wound(&mut canvas, &mut chance),
        "calendar" => calendar(&mut canvas, &mut chance),
        "meal" => meal(&mut canvas, &mut chance),
        "home" => home(&mut canvas, &mut chance),
        _ => graph(&mut canvas, &mut chance),
    }
    // What would be a sheet of paper is grey, as from a scanner: a third of the work and of the bytes.
    canvas.jpeg(matches!(kind, "home" | "graph"))
}

/// A chart of a wound on a grid of centimetres, with a scale.
fn wound(canvas: &mut Canvas, chance: &mut Chance) {
    for step in 0..16 {
        canvas.rect(step * 40, 0, 1, HEIGHT as i64, [214, 222, 228]);
        canvas.rect(0, step * 40, WIDTH as i64, 1, [214, 222, 228]);
    }
    let (x, y) = (chance.between(260, 360), chance.between(200, 260));
    let (w, h) = (chance.between(70, 150), chance.between(50, 100));
    canvas.oval(x, y, w + 26, h + 22, [236, 205, 196]);
    canvas.oval(x, y, w, h, [216, 140, 128]);
    canvas.oval(x + 8, y + 4, w * 6 / 10, h * 6 / 10, [190, 96, 92]);
    for step in 0..10 {
        let colour = if step % 2 == 0 { [40, 40, 40] } else { [250, 250, 250] };
        canvas.rect(80 + step * 40, 436, 40, 14, colour);
    }
}

/// A medication calendar: seven days, four times of day, pouches taken or still there.
fn calendar(canvas: &mut Canvas, chance: &mut Chance) {
    let heads = [[90, 130, 190], [110, 160, 110], [210, 150, 80], [130, 110, 170]];
    let today = chance.between(1, 6);
    for column in 0..7 {
        canvas.rect(50 + column * 78, 30, 70, 26, [200, 206, 214]);
        for (row, head) in (0_i64..).zip(heads) {
            let (x, y) = (50 + column * 78, 66 + row * 100);
            canvas.rect(x, y, 70, 90, [255, 255, 255]);
            canvas.rect(x, y, 70, 10, head);
            let forgotten = chance.permille(60);
            if column >= today || forgotten {
                canvas.rect(x + 14, y + 24, 42, 54, [232, 236, 240]);
                canvas.oval(x + 28, y + 44, 7, 7, [240, 180, 90]);
                canvas.oval(x + 44, y + 58, 8, 5, [230, 230, 150]);
            }
        }
    }
}

/// A course of vital signs on a grid.
fn graph(canvas: &mut Canvas, chance: &mut Chance) {
    for step in 0..9 {
        canvas.rect(50, 40 + step * 48, 560, 1, [205, 210, 215]);
    }
    for step in 0..15 {
        canvas.rect(50 + step * 40, 40, 1, 384, [225, 228, 232]);
    }
    canvas.rect(48, 40, 3, 386, [90, 90, 90]);
    canvas.rect(48, 424, 564, 3, [90, 90, 90]);
    for (colour, middle) in [([200, 70, 60], 110), ([60, 110, 180], 210), ([70, 150, 100], 320)] {
        let (mut x, mut y) = (50, middle + chance.between(-20, 20));
        for _ in 0..14 {
            let next = (y + chance.between(-26, 26)).clamp(middle - 60, middle + 60);
            for part in 0..40 {
                canvas.rect(x + part, y + (next - y) * part / 40, 2, 3, colour);
            }
            x += 40;
            y = next;
            canvas.oval(x, y, 5, 5, colour);
        }
    }
}

/// A tray with dishes, seen from above.
fn meal(canvas: &mut Canvas, chance: &mut Chance) {
    canvas.rect(60, 50, 520, 380, [176, 132, 92]);
    canvas.rect(74, 64, 492, 352, [198, 158, 116]);
    let dishes = [(190, 310, 84), (430, 310, 80), (190, 150, 62), (330, 150, 56), (465, 150, 64)];
    let foods = [[250, 248, 238], [170, 110, 70], [120, 150, 80], [230, 180, 90], [200, 120, 90]];
    for ((x, y, r), food) in dishes.into_iter().zip(foods) {
        canvas.oval(x, y, r, r, [240, 240, 244]);
        canvas.oval(x, y, r - 8, r - 8, [222, 224, 230]);
        let left = chance.between(20, 100);
        canvas.oval(x, y, (r - 16) * left / 100, (r - 18) * left / 100, food);
    }
    canvas.rect(120, 404, 300, 5, [110, 60, 40]);
}

/// A room from above: walls, bed, table, hand rails.
fn home(canvas: &mut Canvas, chance: &mut Chance) {
    canvas.rect(60, 50, 520, 380, [120, 116, 110]);
    canvas.rect(70, 60, 500, 360, [236, 228, 208]);
    canvas.rect(70 + chance.between(200, 380), 410, 90, 20, [236, 228, 208]);
    canvas.rect(90, 80, 110, 200, [190, 206, 222]);
    canvas.rect(100, 90, 90, 44, [248, 248, 250]);
    let (x, y) = (chance.between(300, 420), chance.between(120, 240));
    canvas.rect(x, y, 110, 80, [172, 128, 88]);
    canvas.oval(x - 26, y + 40, 18, 18, [150, 110, 80]);
    for _ in 0..3 {
        let along = chance.between(80, 460);
        canvas.rect(along, 64, 90, 8, [220, 90, 60]);
    }
    canvas.rect(212, chance.between(90, 220), 8, 70, [220, 90, 60]);
}

/// Pixels, filled row by row.
struct Canvas(Vec<Colour>);

impl Canvas {
    fn new(colour: Colour) -> Self {
        Self(vec![colour; WIDTH * HEIGHT])
    }

    /// A horizontal run of pixels, as far as it lies within the picture.
    fn run(&mut self, x: i64, y: i64, length: i64, colours: &[Colour]) {
        let (Ok(row), true) = (usize::try_from(y), y < HEIGHT as i64) else { return };
        let from = usize::try_from(x.clamp(0, WIDTH as i64)).unwrap_or(0);
        let to = usize::try_from((x + length).clamp(0, WIDTH as i64)).unwrap_or(0);
        if from < to {
            self.0[row * WIDTH + from..row * WIDTH + to].copy_from_slice(&colours[..to - from]);
        }
    }

    fn rect(&mut self, x: i64, y: i64, width: i64, height: i64, colour: Colour) {
        let row = [colour; WIDTH];
        for line in y..y + height {
            self.run(x, line, width, &row);
        }
    }

    fn oval(&mut self, x: i64, y: i64, rx: i64, ry: i64, colour: Colour) {
        let row = [colour; WIDTH];
        for line in -ry..=ry {
            let half = rx * (ry * ry - line * line).isqrt() / ry.max(1);
            self.run(x - half, y + line, 2 * half + 1, &row);
        }
    }

    fn jpeg(&self, grey: bool) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 62);
        // Writing to memory cannot fail, and the size is right.
        let _written = if grey {
            encoder.encode_image(&Grey(&self.0))
        } else {
            encoder.encode_image(&Coloured(&self.0))
        };
        bytes
    }
}

/// The pixels as the encoder asks for them, one by one: plain indexing, quick even without optimisation.
struct Coloured<'a>(&'a [Colour]);

impl GenericImageView for Coloured<'_> {
    type Pixel = Rgb<u8>;

    fn dimensions(&self) -> (u32, u32) {
        (WIDTH as u32, HEIGHT as u32)
    }

    fn get_pixel(&self, x: u32, y: u32) -> Rgb<u8> {
        Rgb(self.0[y as usize * WIDTH + x as usize])
    }
}

/// The same, without colour.
struct Grey<'a>(&'a [Colour]);

impl GenericImageView for Grey<'_> {
    type Pixel = Luma<u8>;

    fn dimensions(&self) -> (u32, u32) {
        (WIDTH as u32, HEIGHT as u32)
    }

    fn get_pixel(&self, x: u32, y: u32) -> Luma<u8> {
        Luma([self.0[y as usize * WIDTH + x as usize][1]])
    }
}
