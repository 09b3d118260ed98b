//! What incidents close (Art. 18(2)(3)(9)): each until its own recovery. The strictest counts, and nothing but a recovery opens.

use super::{Service, ServiceMode};
use crate::{
    calendar::Timestamp,
    id::{AccountId, CaseId},
};
use serde::{Deserialize, Serialize};

/// What an incident closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncidentStop {
    /// Which incident.
    pub case: CaseId,
    /// How far it leaves the service open.
    pub mode: ServiceMode,
}

impl Service {
    /// What incidents close, the one that counts first.
    pub fn incident_stops(&self) -> Vec<IncidentStop> {
        let counts = self.case.filter(|_| self.mode != ServiceMode::Open);
        let counts = counts.map(|case| IncidentStop { case, mode: self.mode });
        counts.into_iter().chain(self.others.iter().copied()).collect()
    }

    /// Whether an incident closes anything.
    pub fn is_closed_by(&self, case: CaseId) -> bool {
        self.incident_stops().iter().any(|stop| stop.case == case)
    }

    /// An incident closes the service. It never opens what it closed before, nor what another one closed.
    pub fn close(&mut self, case: CaseId, mode: ServiceMode, now: Timestamp) {
        let mut stops = self.incident_stops();
        match stops.iter_mut().find(|stop| stop.case == case) {
            Some(own) => own.mode = own.mode.max(mode),
            None => stops.push(IncidentStop { case, mode }),
        }
        self.keep(stops, now);
    }

    /// As [`Self::close`], and whoever is signed in is signed out, but for whoever cuts.
    pub fn cut(&mut self, case: CaseId, by: AccountId, now: Timestamp) {
        self.by = Some(by);
        self.cut_at = Some(now);
        self.close(case, ServiceMode::Cut, now);
    }

    /// An incident is recovered from: what it closed opens, as far as no other incident closes it.
    pub fn recover(&mut self, case: CaseId, now: Timestamp) {
        let mut stops = self.incident_stops();
        stops.retain(|stop| stop.case != case);
        self.keep(stops, now);
    }

    /// Takes over what incidents close; of those that close as far, the one that was first counts.
    fn keep(&mut self, mut stops: Vec<IncidentStop>, now: Timestamp) {
        stops.sort_by_key(|stop| std::cmp::Reverse(stop.mode));
        let mut stops = stops.into_iter();
        let counts = stops.next();
        let mode = counts.map_or(ServiceMode::Open, |stop| stop.mode);
        if mode != self.mode {
            self.since = now;
        }
        self.mode = mode;
        self.case = counts.map(|stop| stop.case);
        self.others = stops.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ServiceMode::{Closed, Cut, Open, ReadOnly};
    use proptest::prelude::*;

    fn incident(number: u128) -> CaseId {
        CaseId::from_parts(1, number)
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_ms(minute * 60_000)
    }

    /// What an incident does: closes so far, or is recovered from.
    type Deed = (u128, Option<ServiceMode>);

    fn after(deeds: &[Deed]) -> Service {
        let mut service = Service::open(at(0));
        for (minute, (case, closes)) in (1..).zip(deeds) {
            match closes {
                Some(mode) => service.close(incident(*case), *mode, at(minute)),
                None => service.recover(incident(*case), at(minute)),
            }
        }
        service
    }

    #[test]
    fn nothing_but_its_own_recovery_opens_what_an_incident_closed() {
        let cases: &[(&[Deed], ServiceMode, Option<u128>, i64)] = &[
            // One incident: a stop after a cut opens nothing, a stop after a stop closes more.
            (&[(1, Some(Cut)), (1, Some(ReadOnly))], Cut, Some(1), 1),
            (&[(1, Some(Cut)), (1, Some(Closed))], Cut, Some(1), 1),
            (&[(1, Some(Closed)), (1, Some(ReadOnly))], Closed, Some(1), 1),
            (&[(1, Some(ReadOnly)), (1, Some(Closed))], Closed, Some(1), 2),
            (&[(1, Some(Cut)), (1, Some(ReadOnly)), (1, None)], Open, None, 3),
            // Two: the strictest counts, whoever closed last; each recovery takes its own.
            (&[(1, Some(Cut)), (2, Some(ReadOnly))], Cut, Some(1), 1),
            (&[(1, Some(Cut)), (2, Some(ReadOnly)), (2, None)], Cut, Some(1), 1),
            (&[(1, Some(Cut)), (2, Some(ReadOnly)), (1, None)], ReadOnly, Some(2), 3),
            (&[(1, Some(Cut)), (2, Some(ReadOnly)), (1, None), (2, None)], Open, None, 4),
            (&[(1, Some(ReadOnly)), (2, Some(Cut)), (1, None)], Cut, Some(2), 2),
            (&[(1, Some(Closed)), (2, Some(Closed)), (1, None)], Closed, Some(2), 1),
            // An incident that closed nothing opens nothing.
            (&[(1, Some(Closed)), (2, None)], Closed, Some(1), 1),
        ];
        for (deeds, mode, case, since) in cases {
            let service = after(deeds);
            let is = (service.mode, service.case, service.since);
            assert_eq!(is, (*mode, case.map(incident), at(*since)), "{deeds:?}");
        }
        let both = after(&[(1, Some(Cut)), (2, Some(ReadOnly))]);
        assert!(both.is_closed_by(incident(1)) && both.is_closed_by(incident(2)));
        assert!(!both.is_closed_by(incident(3)));
    }

    #[test]
    fn a_cut_signs_out_and_a_later_stop_takes_nothing_of_it_back() {
        let (who, other) = (AccountId::from_parts(1, 1), AccountId::from_parts(1, 2));
        let mut service = Service::open(at(0));
        service.cut(incident(1), who, at(5));
        service.close(incident(1), ReadOnly, at(6));
        service.recover(incident(1), at(7));
        assert!(service.voids(other, at(4)) && !service.voids(other, at(6)) && !service.voids(who, at(4)));
    }

    /// Items from before there were several incidents in one: they are read, and written back as they were, because a
    /// change is guarded by their very text.
    #[test]
    fn what_was_stored_before_is_one_incidents() {
        let case = incident(1);
        let old =
            format!(r#"{{"mode":"cut","since":{},"case":"{case}"}}"#, serde_json::to_string(&at(3)).unwrap());
        let mut service: Service = serde_json::from_str(&old).unwrap();
        assert_eq!(serde_json::to_string(&service).unwrap(), old);
        assert_eq!(service.incident_stops(), [IncidentStop { case, mode: Cut }]);
        service.close(incident(2), ReadOnly, at(4));
        let kept: Service = serde_json::from_str(&serde_json::to_string(&service).unwrap()).unwrap();
        assert_eq!((kept.mode, kept.incident_stops().len(), kept == service), (Cut, 2, true));
        service.recover(case, at(5));
        assert_eq!((service.mode, service.case), (ReadOnly, Some(incident(2))));
    }

    proptest! {
        /// After whatever was done, the service is as far open as the strictest of what each incident asked for since its
        /// last recovery.
        #[test]
        fn the_strictest_counts(deeds in prop::collection::vec((1..4_u128, prop::option::of(1..4_usize)), 0..12)) {
            let deeds: Vec<Deed> =
                deeds.into_iter().map(|(case, mode)| (case, mode.map(|at| ServiceMode::ALL[at]))).collect();
            let since_recovery = |case: u128| {
                let own = deeds.iter().filter(move |(of, _)| *of == case);
                own.fold(Open, |mode, (_, closes)| closes.map_or(Open, |closes| mode.max(closes)))
            };
            let strictest = (1..4).map(since_recovery).max().unwrap();
            prop_assert_eq!(after(&deeds).mode, strictest);
        }
    }
}
