//! Notices on the top page: what is new, what is broken, what will stop.

use super::PageName;
use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    id::{CaseId, NoticeId},
    label::labelled,
    text,
};
use serde::{Deserialize, Serialize};

/// Longest title of a notice, in characters.
pub const NOTICE_TITLE_MAX: usize = 80;
/// Longest text of a notice, in characters.
pub const NOTICE_BODY_MAX: usize = 4000;
/// Notices that the top page shows at most, beside those that are in force.
pub const NOTICES_SHOWN: usize = 20;
/// For so many days 「新規」 and 「更新」 stand beside a notice (Art. 14(3)).
pub const MARKED_DAYS: i64 = 14;

labelled! {
    /// What a notice is about.
    pub enum NoticeKind {
        News = "news" "お知らせ",
        Page = "page" "ページの公開・更新",
        Trouble = "trouble" "障害",
        PlannedStop = "planned_stop" "計画停止",
        Backup = "backup" "バックアップ",
    }
}

labelled! {
    /// What the top page marks it with (Art. 14(3)).
    pub enum Mark {
        New = "new" "新規",
        Updated = "updated" "更新",
    }
}

labelled! {
    /// What people use, as far as one part can stop without the others.
    pub enum Service {
        SignIn = "sign_in" "サインイン",
        Book = "book" "連絡帳の閲覧と送信",
        Files = "files" "写真・ファイルの添付",
        Procedures = "procedures" "申請などの手続き",
    }
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// Identifier; the same one again changes the notice.
    pub id: NoticeId,
    /// What it is about.
    pub kind: NoticeKind,
    /// Whether it, or the page that it speaks of, is new or changed.
    pub mark: Mark,
    /// One line.
    pub title: String,
    /// The text; may be empty where the title says it all.
    #[serde(default)]
    pub body: String,
    /// When it was published, or last changed.
    pub at: Timestamp,
    /// Since when, or from when on, what it tells holds; without it, from [`Self::at`] on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when it holds, if that is known. What is over leaves the top page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What does not work, or will not.
    #[serde(default)]
    pub affected: Vec<Service>,
    /// The page that it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageName>,
    /// By which case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

impl Notice {
    /// The cleaned notice.
    ///
    /// # Errors
    /// The fields in error, in Japanese.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut wrong = Vec::new();
        match text::required(
            "notice_title",
            "お知らせの見出し",
            &text::one_line(&self.title),
            NOTICE_TITLE_MAX,
        ) {
            Ok(title) => self.title = title,
            Err(error) => wrong.push(error),
        }
        self.body = text::clean(&self.body);
        if !self.body.is_empty() {
            wrong.extend(text::required("notice_body", "お知らせの本文", &self.body, NOTICE_BODY_MAX).err());
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            wrong.push(FieldError::new("until", "終わりは、始まりより後にしてください。"));
        }
        if self.kind == NoticeKind::PlannedStop && (self.from.is_none() || self.until.is_none()) {
            wrong.push(FieldError::new("from", "計画停止の始まりと終わりを入力してください。"));
        }
        self.affected.sort_unstable();
        self.affected.dedup();
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    /// Whether what it tells is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// A stop that is to come or going on.
    pub fn is_stop(&self, now: Timestamp) -> bool {
        self.kind == NoticeKind::PlannedStop && !self.is_over(now)
    }

    /// The mark that still stands beside it.
    pub fn marked(&self, now: Timestamp) -> Option<Mark> {
        (now < self.marked_until()).then_some(self.mark)
    }

    fn marked_until(&self) -> Timestamp {
        self.at.day().plus_days(MARKED_DAYS).start()
    }

    /// The next instant at which what stands on the page about it changes by itself.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let times = [self.from, self.until, Some(self.marked_until())];
        times.into_iter().flatten().filter(|at| *at > now).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice() -> Notice {
        Notice {
            id: NoticeId::from_parts(1, 1),
            kind: NoticeKind::News,
            mark: Mark::New,
            title: " 見出し ".into(),
            body: String::new(),
            at: "2026-11-20T10:00:00+09:00".parse().unwrap(),
            from: None,
            until: None,
            affected: vec![Service::Files, Service::Book, Service::Files],
            page: None,
            case: None,
        }
    }

    #[test]
    fn a_stop_says_from_when_to_when() {
        let checked = notice().check().unwrap();
        assert_eq!((checked.title.as_str(), checked.affected.len()), ("見出し", 2));
        let at = notice().at;
        let stop = Notice { kind: NoticeKind::PlannedStop, ..notice() };
        assert_eq!(stop.clone().check().unwrap_err()[0].field, "from");
        let backwards = Notice { from: Some(at.plus_seconds(60)), until: Some(at), ..stop.clone() };
        assert_eq!(backwards.check().unwrap_err()[0].field, "until");
        let stop = Notice { from: Some(at.plus_seconds(60)), until: Some(at.plus_seconds(120)), ..stop };
        assert!(
            stop.is_stop(at) && stop.is_stop(at.plus_seconds(119)) && !stop.is_stop(at.plus_seconds(120))
        );
        assert_eq!(stop.next_change(at), stop.from);
    }

    #[test]
    fn a_mark_ends_by_itself() {
        let notice = notice();
        let end: Timestamp = "2026-12-04T00:00:00+09:00".parse().unwrap();
        assert_eq!(notice.marked(end.plus_seconds(-1)), Some(Mark::New));
        assert_eq!((notice.marked(end), notice.next_change(notice.at)), (None, Some(end)));
        assert_eq!(notice.next_change(end), None);
    }
}
