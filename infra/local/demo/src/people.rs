//! The people of the city: who works where, under which name and in which roles.

use crate::{
    DEMO_PASSWORD, Person, Size,
    chance::Chance,
    facilities::Place,
    named,
    names::{AT_WORK, FAMILY},
};
use shared::{
    calendar::Day,
    id::AccountId,
    people::{Account, AccountState, Appointed, FacilityKind, Profession, Role},
};
use std::collections::HashSet;

/// Names that are given: user id, name, reading.
const GIVEN: &[(&str, &str, &str)] = &[
    (named::NURSE, "佐藤 美咲", "さとう みさき"),
    (named::COLLEAGUE, "渡辺 彩", "わたなべ あや"),
    (named::MANAGER, "伊藤 恵子", "いとう けいこ"),
    (named::DOCTOR, "高橋 健一", "たかはし けんいち"),
    (named::PHARMACIST, "中村 由佳", "なかむら ゆか"),
    (named::CARE_MANAGER, "小林 直子", "こばやし なおこ"),
    (named::HELPER, "山本 久美", "やまもと くみ"),
    (named::OUTSIDER, "加藤 千尋", "かとう ちひろ"),
    (named::CITY, "松本 誠", "まつもと まこと"),
    (named::OPERATOR, "井上 真理", "いのうえ まり"),
    (named::SYSTEM_ADMIN, "木村 亮太", "きむら りょうた"),
    (named::OPERATIONS_MANAGER, "林 文恵", "はやし ふみえ"),
    (named::KEY_KEEPER, "清水 雅之", "しみず まさゆき"),
    (named::AUDITOR, "山崎 良江", "やまざき よしえ"),
];

/// Those who are not of a care facility: facility, user id, profession, role.
const OFFICE: &[(&str, &str, Profession, Role)] = &[
    ("city", named::CITY, Profession::Official, Role::City),
    ("city", "city-02", Profession::Official, Role::City),
    ("city", named::AUDITOR, Profession::Official, Role::Auditor),
    ("net", named::OPERATOR, Profession::Clerk, Role::Operator),
    ("net", named::SYSTEM_ADMIN, Profession::Engineer, Role::SystemAdmin),
    ("net", named::OPERATIONS_MANAGER, Profession::Engineer, Role::OperationsManager),
    ("net", named::KEY_KEEPER, Profession::Clerk, Role::KeyKeeper),
];

/// A place to be filled with a person.
struct Post {
    place: usize,
    user_id: String,
    profession: Profession,
    roles: Vec<Role>,
}

/// What a letter of a facility's staff stands for.
fn profession(letter: char, kind: FacilityKind) -> Profession {
    match letter {
        'd' => Profession::Physician,
        't' => Profession::Dentist,
        'p' => Profession::Pharmacist,
        'n' => Profession::Nurse,
        'k' => Profession::PublicHealthNurse,
        'y' => Profession::DentalHygienist,
        'r' => Profession::PhysicalTherapist,
        'o' => Profession::OccupationalTherapist,
        'l' => Profession::SpeechTherapist,
        'e' => Profession::Dietitian,
        'c' => Profession::CareManager,
        'w' => Profession::CareWorker,
        'h' => Profession::HomeHelper,
        's' => Profession::SocialWorker,
        'q' => Profession::MedicalSocialWorker,
        // The manager of a nurse station is a nurse, that of a clinic its office manager.
        _ if kind == FacilityKind::VisitingNurseStation => Profession::Nurse,
        _ => Profession::Clerk,
    }
}

/// Who there is, in the order in which a smaller city drops them from the end.
fn posts(size: Size, places: &[Place]) -> Vec<Post> {
    let wanted = size.people.max(18);
    let mut posts = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    let mut hire = |index: usize, letter: char, first: bool| {
        let place = &places[index];
        let user_id = (1..100)
            .map(|n| format!("{}-{letter}{n:02}", place.slug))
            .find(|id| taken.insert(id.clone()))
            .unwrap_or_default();
        let manages = letter == 'm' || (first && !place.core.contains('m') && !place.more.contains('m'));
        let roles = if manages { vec![Role::Member, Role::FacilityManager] } else { vec![Role::Member] };
        Post { place: index, user_id, profession: profession(letter, place.facility.kind), roles }
    };
    for (index, place) in places.iter().enumerate() {
        for (at, letter) in place.core.chars().enumerate() {
            posts.push(hire(index, letter, at == 0));
        }
        for &(slug, user_id, profession, role) in OFFICE {
            if slug == place.slug {
                posts.push(Post { place: index, user_id: user_id.into(), profession, roles: vec![role] });
            }
        }
    }
    for round in 0..8 {
        for (index, place) in places.iter().enumerate() {
            // Whoever leads the facility comes first.
            let mut more: Vec<char> = place.more.chars().collect();
            more.sort_by_key(|letter| *letter != 'm');
            if let Some(letter) = more.get(round)
                && posts.len() < wanted
            {
                posts.push(hire(index, *letter, false));
            }
        }
    }
    posts
}

/// The people of a city of this size.
pub(crate) fn make(size: Size, places: &[Place], until: Day) -> Vec<Person> {
    let joined = until.plus_days(-700).start().ms().unsigned_abs();
    let mut used: HashSet<String> = GIVEN.iter().map(|(_, name, _)| (*name).to_owned()).collect();
    posts(size, places)
        .into_iter()
        .enumerate()
        .map(|(index, post)| {
            let mut chance = Chance::new(2, index);
            let id = AccountId::from_parts(joined + 1000 * index as u64, chance.bits());
            let given = GIVEN.iter().find(|(user_id, ..)| *user_id == post.user_id);
            let (name, kana) = match given {
                Some((_, name, kana)) => ((*name).to_owned(), (*kana).to_owned()),
                None => new_name(&mut chance, &mut used),
            };
            let facility = &places[post.place].facility;
            // The contractor's people are what they are appointed as (Art. 3), since they joined.
            let contractor = facility.kind == FacilityKind::Contractor;
            let since = until.plus_days(-700);
            let held = |role: &Role| Appointed { role: *role, from: since, to: None, case: None };
            let (roles, appointed) = if contractor {
                (Vec::new(), post.roles.iter().map(held).collect())
            } else {
                (post.roles, Vec::new())
            };
            let account = Account {
                id,
                user_id: post.user_id,
                name,
                kana,
                profession: post.profession,
                facility: facility.id,
                facility_name: facility.name.clone(),
                roles,
                appointed,
                contact: String::new(),
                state: AccountState::Active,
            };
            Person { account, password: DEMO_PASSWORD.to_owned() }
        })
        .collect()
}

/// A name that nobody else in the city's facilities has.
fn new_name(chance: &mut Chance, used: &mut HashSet<String>) -> (String, String) {
    loop {
        let family = FAMILY[chance.below(FAMILY.len())];
        let list = AT_WORK[usize::from(chance.permille(300))];
        let given = list[chance.below(list.len())];
        let name = format!("{} {}", family.0, given.0);
        if used.insert(name.clone()) {
            return (name, format!("{} {}", family.1, given.1));
        }
    }
}
