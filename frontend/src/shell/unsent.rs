//! Notes that have not gone out, in one line on every page: nobody must believe that a colleague reads what still lies
//! on this device.

use crate::{
    components::{Notice, NoticeKind},
    outgoing::{Mark, use_outgoing},
    route::Place,
};
use leptos::prelude::*;
use shared::id::PatientId;

/// The line; nothing while all has gone out. A thread that lies open shows it beside its composer, for its head scrolls
/// out of sight.
#[component]
pub fn UnsentLine(
    /// Whether it stands in a thread.
    #[prop(optional)]
    in_thread: bool,
) -> impl IntoView {
    let outgoing = use_outgoing();
    // Another try changes nothing of it: whoever hears the page would hear it every time.
    let told = Memo::new(move |_| {
        let here = outgoing.thread_is_open() == in_thread;
        if here { outgoing.elsewhere() } else { Vec::new() }
    });
    let class = if in_thread { "" } else { "page-banner no-print" };
    move || {
        let told = told.get();
        (!told.is_empty()).then(|| {
            view! {
                <div class=class>
                    <Notice kind=NoticeKind::Warning>
                        {words(&told, Mark::Left)}
                        {words(&told, Mark::Waiting)}
                    </Notice>
                </div>
            }
        })
    }
}

/// What is said of the notes that stand so, with the way to each.
fn words(told: &[(Mark, PatientId, String)], mark: Mark) -> Option<impl IntoView + use<>> {
    let such = told.iter().filter(|(of, ..)| *of == mark);
    let links: Vec<_> = such.map(|(_, patient, name)| link(*patient, name)).collect();
    (!links.is_empty()).then(|| view! { <p>{mark.sentence(links.len())} {links}</p> })
}

fn link(patient: PatientId, name: &str) -> impl IntoView + use<> {
    // A draft of an older screen knows no name.
    let name = if name.is_empty() { "連絡帳を開く".into() } else { format!("{name}さん") };
    view! { " " <a href=Place::Thread(patient).path()>{name}</a> }
}
