//! What an operator prepares for a case before it is published.

use super::{Mark, Notice, NoticeKind, PageName, PageText};
use crate::{
    api::error::FieldError,
    calendar::{Day, Timestamp},
    id::{CommandId, NoticeId},
    label::labelled,
    procedure::Case,
};
use serde::{Deserialize, Serialize};

labelled! {
    /// What a case asks for.
    pub enum Wanted {
        Change = "change" "今あるページを変える",
        NewPage = "new_page" "新しいページを作る",
        Withdrawal = "withdrawal" "今あるページの掲載をやめる",
        Notice = "notice" "お知らせだけを載せる",
    }
}

impl Wanted {
    /// Of a case.
    pub fn of(case: &Case) -> Option<Self> {
        Self::from_wire(case.form.get("what")?)
    }
}

/// What will be published: a page, and the notice on the top page that says so (Art. 14(3)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proposal {
    /// The page's name in its address; empty where only a notice is wanted.
    #[serde(default)]
    pub name: String,
    /// The page's title and text; empty where only a notice is wanted.
    #[serde(default)]
    pub text: PageText,
    /// The notice in one line.
    pub notice_title: String,
    /// The notice's text; may be empty.
    #[serde(default)]
    pub notice_body: String,
    /// The last day on which the notice stands on the top page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

impl Proposal {
    /// What an operator begins with: the text that is published now, and words for the notice.
    pub fn first(wanted: Wanted, name: Option<PageName>, published: Option<&PageText>, about: &str) -> Self {
        let mut text = published.cloned().unwrap_or_default();
        if wanted == Wanted::Withdrawal {
            text.body =
                "このページの掲載は終わりました。これまでの内容は「これまでの版」から読めます。".to_owned();
        }
        let notice_title = match wanted {
            Wanted::Change => format!("「{}」のページを更新しました", text.title),
            Wanted::Withdrawal => format!("「{}」のページの掲載を終えました", text.title),
            Wanted::NewPage => "新しいページを公開しました".to_owned(),
            Wanted::Notice => about.to_owned(),
        };
        Self {
            name: name.map(|name| name.to_string()).unwrap_or_default(),
            text,
            notice_title,
            notice_body: String::new(),
            until: None,
        }
    }

    /// The cleaned proposal, as it fits what was asked: the page of the request, and no other.
    ///
    /// # Errors
    /// The fields in error, in Japanese.
    pub fn check(
        mut self,
        wanted: Wanted,
        asked: Option<PageName>,
        today: Day,
    ) -> Result<Self, Vec<FieldError>> {
        let mut wrong = Vec::new();
        if wanted == Wanted::Notice {
            (self.name, self.text) = (String::new(), PageText::default());
        } else {
            match self.text.check() {
                Ok(text) => self.text = text,
                Err(errors) => wrong.extend(errors),
            }
            match (self.name.parse::<PageName>(), asked) {
                (Err(_), _) => wrong.push(FieldError::new(
                    "name",
                    "ページの名前は、半角の英小文字で始まる、英小文字・数字・ハイフンの2〜32文字にしてください。",
                )),
                (Ok(name), Some(asked)) if name != asked => {
                    wrong.push(FieldError::new("name", "依頼されたページと違うページは、この案件では変えられません。"));
                }
                _ => {}
            }
        }
        if self.until.is_some_and(|until| until < today) {
            wrong.push(FieldError::new("until", "掲載の最後の日は、今日以後にしてください。"));
        }
        match self.notice(NoticeId::from_parts(0, 0), Mark::New, today.start()).check() {
            Ok(notice) => (self.notice_title, self.notice_body) = (notice.title, notice.body),
            Err(errors) => wrong.extend(errors.into_iter().filter(|error| error.field != "until")),
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    /// The page that it is about.
    pub fn page(&self) -> Option<PageName> {
        self.name.parse().ok()
    }

    /// The notice that is published with it.
    pub fn notice(&self, id: NoticeId, mark: Mark, at: Timestamp) -> Notice {
        let page = self.page();
        Notice {
            id,
            kind: if page.is_some() { NoticeKind::Page } else { NoticeKind::News },
            mark,
            title: self.notice_title.clone(),
            body: self.notice_body.clone(),
            at,
            from: None,
            until: self.until.map(|last| last.plus_days(1).start()),
            affected: Vec::new(),
            page,
            case: None,
        }
    }
}

/// A proposal as it is kept with its case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Draft {
    /// Grows with each saving: publishing names the one that was looked at. 0: nothing is saved yet.
    pub version: u32,
    /// The number of the published version that it changes; 0 for a new page.
    pub based_on: u32,
    /// What is proposed.
    pub proposal: Proposal,
    /// When it was saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_at: Option<Timestamp>,
    /// By whom, by name.
    #[serde(default)]
    pub saved_by: String,
}

/// A proposal to be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SaveProposal {
    /// Made by the client.
    pub command: CommandId,
    /// The saved version that the person saw; 0 where there was none.
    #[serde(default)]
    pub version: u32,
    /// The published version that the person saw; 0 for a new page.
    #[serde(default)]
    pub based_on: u32,
    /// What is proposed.
    #[serde(default)]
    pub proposal: Proposal,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal() -> Proposal {
        Proposal {
            name: "about".into(),
            text: PageText { title: "題".into(), body: "本文".into() },
            notice_title: "更新しました".into(),
            ..Proposal::default()
        }
    }

    #[test]
    fn it_is_about_the_page_that_was_asked_for() {
        let today: Day = "2026-11-20".parse().unwrap();
        let about = "about".parse().ok();
        assert_eq!(proposal().check(Wanted::Change, about, today), Ok(proposal()));
        let wrong = proposal().check(Wanted::Change, "begin".parse().ok(), today).unwrap_err();
        assert_eq!(wrong[0].field, "name");
        let empty = Proposal { name: "X".into(), until: today.previous(), ..Proposal::default() };
        let fields: Vec<_> =
            empty.check(Wanted::NewPage, None, today).unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["title", "body", "name", "until", "notice_title"]);
        let only = proposal().check(Wanted::Notice, None, today).unwrap();
        assert_eq!((only.page(), only.notice_title.as_str()), (None, "更新しました"));
    }
}
