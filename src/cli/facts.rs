//! A rota in words: how the duty turns over, and who is called at night, on days off and on holidays.

use crate::app::setup::Setup;
use crate::domain::ids::MemberId;
use crate::domain::rota::{Cadence, Fact, Rota, When, Who};
use crate::i18n::{Args, Lang, list, names, say, weekday, weekdays};
use crate::msg;

/// Says the facts about a rota, a line each.
pub(super) fn lines(setup: &Setup, rota: &Rota, lang: Lang) -> Vec<String> {
    let words = Words { setup, lang };
    rota.describe()
        .into_iter()
        .map(|fact| words.fact(fact))
        .collect()
}

/// What sentences are made with.
struct Words<'a> {
    setup: &'a Setup,
    lang: Lang,
}

impl Words<'_> {
    fn say(&self, id: &str, args: Args) -> String {
        say(self.lang, id, &args)
    }

    fn names<'m>(&self, ids: impl IntoIterator<Item = &'m MemberId>) -> String {
        let name = |id: &MemberId| match self.setup.members.get(id) {
            Some(member) => member.name.clone(),
            None => id.to_string(),
        };
        let all: Vec<String> = ids.into_iter().map(name).collect();
        names(self.lang, &all)
    }

    fn fact(&self, fact: Fact) -> String {
        match fact {
            Fact::Turns {
                starts,
                cadence,
                handoff,
                zone,
                participants,
            } => {
                let args = Args::new()
                    .with("starts", starts.to_string())
                    .with("cadence", self.cadence(cadence))
                    .with("handoff", handoff.strftime("%H:%M").to_string())
                    .with("zone", zone)
                    .with("names", self.names(&participants));
                self.say(msg!("check-rota-turns"), args)
            }
            Fact::OnDays { days, participants } => {
                let args = Args::new()
                    .with("days", weekdays(self.lang, &days))
                    .with("names", self.names(&participants));
                self.say(msg!("check-rota-list"), args)
            }
            Fact::Called { when, who } => {
                let args = Args::new()
                    .with("when", self.when(&when))
                    .with("who", self.who(&who));
                self.say(msg!("check-rota-called"), args)
            }
        }
    }

    fn cadence(&self, cadence: Cadence) -> String {
        let (id, count) = match cadence {
            Cadence::Hours(count) => (msg!("check-cadence-hours"), count),
            Cadence::Days(count) => (msg!("check-cadence-days"), count),
            Cadence::Weeks(count) => (msg!("check-cadence-weeks"), count),
            Cadence::Months(count) => (msg!("check-cadence-months"), count),
        };
        self.say(id, Args::new().with("count", i64::from(count)))
    }

    fn when(&self, when: &When) -> String {
        match when {
            When::Always => self.say(msg!("check-when-always"), Args::new()),
            When::WorkingHours => self.say(msg!("check-when-working-hours"), Args::new()),
            When::Nights => self.say(msg!("check-when-nights"), Args::new()),
            When::DaysOff(days) => {
                let days: Vec<String> = days.iter().map(|day| weekday(self.lang, *day)).collect();
                let args = Args::new().with("days", list(self.lang, &days));
                self.say(msg!("check-when-days-off"), args)
            }
            When::Holidays(count) => {
                let args = Args::new().with("count", *count as i64);
                self.say(msg!("check-when-holidays"), args)
            }
        }
    }

    fn who(&self, who: &Who) -> String {
        match who {
            Who::Duty => self.say(msg!("check-who-duty"), Args::new()),
            Who::LastDuty => self.say(msg!("check-who-last-duty"), Args::new()),
            Who::Member(member) => self.names([member]),
            Who::Rota(name) => {
                let args = Args::new().with("rota", name.as_str());
                self.say(msg!("check-who-rota"), args)
            }
        }
    }
}
