//! The two programs, and which page stands in which: the one list. The linker leaves out of a program what only the
//! other one shows, so this list decides what travels to whom.
//!
//! A page is added by a line here, beside its [`Place`]. Links between the programs are ordinary links: see
//! [`crate::crossing`].

use crate::{pages, route::Place};
use leptos::prelude::*;

/// A program: one WebAssembly file, with a page of its own that loads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The contact book as it is read and written every day, on a phone too (`index.html`).
    Book,
    /// What is done at a desk, and rarely by those who care for patients: procedures, care teams and consents, evidence,
    /// the portal's desk, one's own settings (`offices.html`).
    Offices,
}

impl Program {
    /// The page that loads it.
    #[cfg(test)]
    const fn page(self) -> &'static str {
        match self {
            Self::Book => "index.html",
            Self::Offices => "offices.html",
        }
    }
}

/// Makes [`Place::program`] and a function for each program that gives its pages, all from one list.
macro_rules! programs {
    ($($program:ident by $pages:ident { $($place:pat => $view:expr),* $(,)? })*) => {
        impl Place {
            /// The program that shows it. Links within one program do not load a page.
            #[allow(unused_variables)] // The list's patterns bind what their pages need.
            pub const fn program(self) -> Program {
                match self { $($($place => Program::$program,)*)* }
            }
        }
        $(
            /// The page of a place of this program; `None` for one of another program.
            pub fn $pages(place: Place) -> Option<AnyView> {
                Some(match place {
                    $($place => $view.into_any(),)*
                    _ => return None,
                })
            }
        )*
        /// How many kinds of places there are.
        #[cfg(test)]
        const KINDS: usize = [$($(stringify!($place)),*),*].len();
    };
}

programs! {
    Book by book {
        Place::Home => pages::Home(),
        Place::Patients => pages::book::Patients(),
        Place::Thread(patient) => view! { <pages::book::thread::ThreadPage patient=patient /> },
    }
    Offices by offices {
        Place::Register => pages::book::circle::Register(),
        Place::Edit(patient) => view! { <pages::book::circle::EditPage patient=patient /> },
        Place::Consent(patient) => view! { <pages::book::circle::ConsentPage patient=patient /> },
        Place::Team(patient) => view! { <pages::book::circle::TeamPage patient=patient /> },
        Place::Invitations => pages::book::circle::Invitations(),
        Place::Access(patient) => view! { <pages::evidence::AccessLog patient=patient /> },
        Place::Mine => pages::people::Mine(),
        Place::Authority => pages::people::Authority(),
        Place::Office => pages::Office(),
        Place::Cases => pages::procedure::Cases(),
        Place::Case(case) => view! { <pages::procedure::CasePage id=case /> },
        Place::Sheet(case, kind) => view! { <pages::procedure::SheetPage id=case kind=kind /> },
        Place::Ask(procedure, account) => {
            view! { <pages::procedure::Ask procedure=procedure account=account /> }
        },
        Place::People => pages::procedure::People(),
        Place::Structure => pages::procedure::Structure(),
        Place::Portal => pages::portal::Portal(),
        Place::PortalPage(page) => view! { <pages::portal::PortalPage page=page /> },
        Place::PortalVersion(page, number) => {
            view! { <pages::portal::PortalVersion page=page number=number /> }
        },
        Place::Audit => pages::evidence::Audit(),
        Place::Backups => pages::evidence::Backups(),
        Place::Contacts => pages::procedure::ContactsPage(),
        Place::Monitoring => pages::evidence::MonitoringPage(),
        Place::Runbooks => pages::evidence::Runbooks(),
        Place::Evidence => pages::evidence::EvidenceBundle(),
        Place::Outbox => pages::procedure::OutboxPage(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::tests::some_of_each;
    use std::collections::{BTreeMap, BTreeSet, HashSet};

    /// The address with `*` in place of what is another one's for each patient.
    fn pattern(place: Place) -> String {
        let of_one = |part: &str| part.len() == 26;
        let path = place.path();
        let parts = path.split('/').skip(1);
        parts.map(|part| if of_one(part) { "*" } else { part }).collect::<Vec<_>>().join("/")
    }

    fn first(pattern: &str) -> &str {
        pattern.split('/').next().unwrap()
    }

    /// Servers know no places. What they need is in a small file, which this keeps equal with the list: the beginnings
    /// of the addresses of each page but the book's, and those in full that begin as one of the book's does.
    #[test]
    fn servers_are_told_which_page_loads_an_address() {
        let places = some_of_each();
        assert_eq!(places.iter().map(std::mem::discriminant).collect::<HashSet<_>>().len(), KINDS);
        let (book, others): (Vec<_>, Vec<_>) =
            places.into_iter().partition(|place| place.program() == Program::Book);
        let book: BTreeSet<String> = book.into_iter().map(pattern).collect();
        let mut pages = BTreeMap::<&str, BTreeSet<String>>::new();
        for place in others {
            let whole = pattern(place);
            let shared = book.iter().any(|book| first(book) == first(&whole));
            let begins = if shared { whole.clone() } else { first(&whole).to_owned() };
            assert!(
                !book.iter().any(|book| book.starts_with(&begins)),
                "{whole} must not look like the book's"
            );
            pages.entry(place.program().page()).or_default().insert(begins);
        }
        let told: BTreeMap<&str, BTreeSet<String>> =
            serde_json::from_str(include_str!("../programs.json")).unwrap();
        assert_eq!(
            told,
            pages,
            "frontend/programs.json must say: {}",
            serde_json::to_string(&pages).unwrap()
        );
    }
}
