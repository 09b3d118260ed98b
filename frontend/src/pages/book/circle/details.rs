//! Who a patient is, as fields: one group of questions a block.

use crate::{
    clock,
    components::{RadioGroup, Select, TextField},
    submission::Submission,
};
use leptos::prelude::*;
use shared::{
    api::error::FieldError,
    book::{CareLevel, Patient, PatientDetails, Sex},
    calendar::Day,
};

/// What is typed.
#[derive(Clone, Copy)]
pub struct Typed {
    name: RwSignal<String>,
    /// The reading, for noticing duplicates.
    pub kana: RwSignal<String>,
    /// The day of birth, for noticing duplicates.
    pub born: RwSignal<String>,
    sex: RwSignal<String>,
    care_level: RwSignal<String>,
    area: RwSignal<String>,
}

impl Typed {
    /// Nothing yet, or what is registered.
    pub fn of(patient: Option<&Patient>) -> Self {
        let text = |get: fn(&Patient) -> String| RwSignal::new(patient.map(get).unwrap_or_default());
        Self {
            name: text(|p| p.name.clone()),
            kana: text(|p| p.kana.clone()),
            born: text(|p| p.born.to_string()),
            sex: text(|p| p.sex.wire().into()),
            care_level: text(|p| p.care_level.wire().into()),
            area: text(|p| p.area.clone()),
        }
    }

    /// The details as the server takes them, checked as it checks them.
    ///
    /// # Errors
    /// Every field in error.
    pub fn check(self) -> Result<PatientDetails, Vec<FieldError>> {
        let today = clock::now().day();
        let (born, sex) =
            (self.born.get_untracked().parse::<Day>(), Sex::from_wire(&self.sex.get_untracked()));
        let care_level = CareLevel::from_wire(&self.care_level.get_untracked());
        let mut missing = Vec::new();
        if born.is_err() {
            missing.push(FieldError::new("born", "生年月日を入力してください。"));
        }
        if sex.is_none() {
            missing.push(FieldError::new("sex", "性別を選んでください。"));
        }
        if care_level.is_none() {
            missing.push(FieldError::new("care_level", "要介護度を選んでください。"));
        }
        let details = PatientDetails {
            name: self.name.get_untracked(),
            kana: self.kana.get_untracked(),
            born: born.unwrap_or(today),
            sex: sex.unwrap_or(Sex::Unstated),
            care_level: care_level.unwrap_or(CareLevel::None),
            area: self.area.get_untracked(),
        };
        match details.check(today) {
            Ok(details) if missing.is_empty() => Ok(details),
            Ok(_) => Err(missing),
            Err(mut errors) => {
                errors.extend(missing);
                Err(errors)
            }
        }
    }
}

/// The fields.
#[component]
pub fn DetailFields(
    /// What is typed.
    typed: Typed,
    /// The form with its errors.
    form: Submission,
) -> impl IntoView {
    let words = |all: Vec<(&'static str, &'static str)>| {
        all.into_iter().map(|(wire, label)| (wire.to_owned(), label.to_owned())).collect::<Vec<_>>()
    };
    let sexes = words(Sex::ALL.iter().map(|sex| (sex.wire(), sex.label())).collect());
    let levels = words(CareLevel::ALL.iter().map(|level| (level.wire(), level.label())).collect());
    view! {
        <fieldset class="block">
            <legend>"お名前"</legend>
            <TextField label="氏名" value=typed.name required=true hint="例: 山田 花子" error=form.wrong("name") />
            <TextField label="よみがな" value=typed.kana required=true hint="ひらがなで（例: やまだ はなこ）" error=form.wrong("kana") />
        </fieldset>
        <fieldset class="block">
            <legend>"生年月日と性別"</legend>
            <TextField
                label="生年月日"
                kind="date"
                value=typed.born
                required=true
                max=clock::now().day().to_string()
                error=form.wrong("born")
            />
            <RadioGroup legend="性別（保険証の記載）" options=sexes value=typed.sex inline=true error=form.wrong("sex") />
        </fieldset>
        <fieldset class="block">
            <legend>"介護と住まい"</legend>
            <Select label="要介護度" options=levels value=typed.care_level required=true error=form.wrong("care_level") />
            <TextField
                label="住まいの地区"
                value=typed.area
                required=true
                hint="町名まで。番地は書きません。"
                error=form.wrong("area")
            />
        </fieldset>
    }
}
