//! What is registered of a facility now, in the fields of a request that changes it: what is left as it is stays so.

use super::form::Values;
use crate::{components::Faces, load::load, whenever::whenever};
use leptos::prelude::*;
use shared::api::procedure::{FacilityQuery, ReadFacility};

/// Fills the fields in once a facility is chosen. It shows nothing but that it cannot.
#[component]
pub fn RegisteredFacility(
    /// Which, by its identifier; empty until one is chosen.
    facility: RwSignal<String>,
    /// The fields.
    values: Values,
) -> impl IntoView {
    let registered =
        load::<ReadFacility>(move || ((), FacilityQuery { facility: facility.get().parse().ok() }));
    whenever(move || {
        let chosen = facility.get();
        registered.shown.with(|shown| {
            // Until one is chosen, the answer is about the own office.
            let Some(found) = shown.as_ref().filter(|found| found.id.to_string() == chosen) else { return };
            for (name, text) in [
                ("name", &found.name),
                ("postal", &found.postal),
                ("phone", &found.phone),
                ("fax", &found.fax),
                ("mail", &found.mail),
            ] {
                if let Some(value) = values.get(name) {
                    value.set(text.clone());
                }
            }
        });
    });
    view! { <Faces load=registered what="今の登録を読み込めませんでした。" rows=1 /> }
}
