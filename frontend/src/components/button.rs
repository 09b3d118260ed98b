//! Buttons. At most one primary button stands in a view. A button that cannot be pressed says why and stays
//! reachable by keyboard, so that the reason is read aloud too.

use super::{Icon, Shape, unique};
use leptos::prelude::*;

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// A quiet one, within rows and bars.
    Plain,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Plain => "button button-plain",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button.
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    kind: ButtonKind,
    /// Drawn before the words.
    #[prop(optional)]
    icon: Option<Shape>,
    /// While it works: the words stay, pressing again does nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it cannot be pressed now; shown under the button.
    #[prop(optional, into)]
    reason: Signal<Option<String>>,
    /// Sends the form that it stands in.
    #[prop(optional)]
    submit: bool,
    /// What pressing does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let id = unique("why");
    let describes = id.clone();
    let off = move || busy.get() || reason.with(Option::is_some);
    let press = move |event: leptos::ev::MouseEvent| {
        if off() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            aria-disabled=move || off().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-describedby=move || reason.with(Option::is_some).then(|| describes.clone())
            on:click=press
        >
            {icon.map(|shape| view! { <Icon shape=shape /> })}
            <span>{children()}</span>
        </button>
        {move || reason.get().map(|why| view! { <span class="button-why" id=id.clone()>{why}</span> })}
    }
}

/// A link that looks like a button, for going somewhere.
#[component]
pub fn LinkButton(
    /// Where to.
    #[prop(into)]
    href: String,
    /// How much it stands out.
    #[prop(optional)]
    kind: ButtonKind,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! { <a class=kind.class() href=href><span>{children()}</span></a> }
}
