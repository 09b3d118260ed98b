//! What follows signals.

use leptos::prelude::Effect;

/// Does something now and whenever a signal that it reads changes. An effect's own machinery is some 1.7 kB of program
/// for every closure; boxed, all share one.
pub fn whenever(what: impl FnMut() + 'static) {
    let mut what: Box<dyn FnMut()> = Box::new(what);
    Effect::new(move |_: Option<()>| what());
}
