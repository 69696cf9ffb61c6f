//! Arms, and what each of them is by its content.

use super::{
    content::{self, Content},
    mention::generic,
    size,
};
use crate::{
    protocol::{Arm, Role},
    read::Text,
    record::{ArmWords, Field, Record},
};

/// The arms of a record.
pub fn read(record: &Record<'_>) -> Vec<Arm> {
    let contents = record.contents();
    let shared = shared(record);
    let arms = record.arms.iter().filter(|a| a.label.is_some() || a.description.is_some());
    let names = |list: &[usize]| -> Vec<String> {
        list.iter().map(|i| record.interventions[*i].name.text.source.to_owned()).collect()
    };
    let mut out: Vec<Arm> = arms
        .filter_map(|words| {
            let own: Vec<usize> =
                words.interventions.iter().filter(|i| !shared.contains(i)).copied().collect();
            let distinct = if own.is_empty() { words.interventions.clone() } else { own.clone() };
            let background: &[usize] = if own.is_empty() { &[] } else { &shared };
            let sight = Sight { record, words, distinct: &distinct, contents, own: !own.is_empty() };
            let place = words.description.as_ref().or(words.label.as_ref())?;
            Some(Arm {
                label: words.label.as_ref().unwrap_or(place).text.source.to_owned(),
                role_typed: words.typed.map(str::to_owned),
                role: sight.role(),
                size: None,
                interventions: names(&words.interventions),
                background: names(background),
                quote: words.label.as_ref().unwrap_or(place).whole(),
            })
        })
        .collect();
    if out.is_empty() && record.interventional() {
        out = super::told::arms(record);
    }
    size::fill(record, &mut out);
    out
}

/// Interventions that every arm of several gets.
fn shared(record: &Record<'_>) -> Vec<usize> {
    if record.arms.len() < 2 {
        return Vec::new();
    }
    let all = 0..record.interventions.len();
    all.filter(|i| record.arms.iter().all(|a| a.interventions.contains(i))).collect()
}

/// What is seen of one arm.
struct Sight<'a, 's> {
    record: &'a Record<'s>,
    words: &'a ArmWords<'s>,
    /// The interventions that set it apart; all of them where none does.
    distinct: &'a [usize],
    contents: &'a [Content],
    /// Whether something sets it apart.
    own: bool,
}

impl Sight<'_, '_> {
    fn role(&self) -> Role {
        let label = self.words.label.as_ref().map(|l| content::of_name(&l.text));
        match self.words.typed {
            Some("EXPERIMENTAL") => self.experimental(label),
            Some("PLACEBO_COMPARATOR") => self.placebo(),
            Some("SHAM_COMPARATOR") => self.sham(),
            Some("ACTIVE_COMPARATOR") => self.active(),
            Some("NO_INTERVENTION") => self.no_intervention(label),
            typed => self.untyped(label, typed.is_none()),
        }
    }

    fn has(&self, content: Content) -> bool {
        self.distinct.iter().any(|i| self.contents[*i] == content)
    }

    /// The role where everything that sets the arm apart does nothing.
    fn inert(&self, label: Option<Content>) -> Option<Role> {
        if self.has(Content::Active) && label != Some(Content::Placebo) || self.has(Content::Unnamed) {
            return None;
        }
        let of = |content| self.has(content) || (self.distinct.is_empty() && label == Some(content));
        match () {
            () if of(Content::Sham) => Some(Role::Sham),
            () if of(Content::Placebo) || label == Some(Content::Placebo) => Some(Role::Placebo),
            () if of(Content::Standard) => Some(Role::Active),
            () if of(Content::Nothing) => Some(Role::NoIntervention),
            () => None,
        }
    }

    fn experimental(&self, label: Option<Content>) -> Role {
        match self.inert(label) {
            // Standard care may be what the study is about.
            Some(Role::Active) if !self.others_act() => Role::Experimental,
            // Another name alone makes no sham of what is tested.
            Some(Role::Sham) if !self.named_sham() => Role::Experimental,
            Some(role) => role,
            None if self.standard_only() && self.others_act() => Role::Active,
            // It gets no more than what all get, and another gets more.
            None if self.background_alone() => Role::Active,
            None if self.is_control() && self.others_act() => {
                if self.has(Content::Active) {
                    Role::Active
                } else {
                    Role::Unclear
                }
            }
            None => Role::Experimental,
        }
    }

    /// Whether the words of the arm or the name of what it gets say sham.
    fn named_sham(&self) -> bool {
        let own = [self.words.label.as_ref(), self.words.description.as_ref()].into_iter().flatten();
        let given = self.words.interventions.iter().map(|i| &self.record.interventions[*i].name);
        own.chain(given).any(|p| content::says_sham(&p.text))
    }

    /// Whether the label is that of a placebo.
    fn label_is_placebo(&self) -> bool {
        self.words.label.as_ref().is_some_and(|l| content::of_name(&l.text) == Content::Placebo)
    }

    /// Whether the arm gets none of what is given: `0 mg of X`.
    fn zero_dose(&self) -> bool {
        let own = [self.words.label.as_ref(), self.words.description.as_ref()];
        own.into_iter().flatten().any(|p| {
            (0..p.text.tokens.len()).any(|i| {
                p.text.is_any(i, &["0", "zero"]) && p.text.is_any(i + 1, &["mg", "ug", "mcg", "g", "cells"])
            })
        })
    }

    /// Whether another arm gets something that acts and that this arm does not get.
    fn others_act(&self) -> bool {
        let others = self.record.arms.iter().flat_map(|a| &a.interventions);
        others
            .into_iter()
            .any(|i| self.contents[*i] == Content::Active && !self.words.interventions.contains(i))
    }

    /// Whether the arm of two gets what both get and nothing else, which no title names, and the other gets something
    /// that acts besides.
    fn background_alone(&self) -> bool {
        !self.own
            && self.record.arms.len() == 2
            && !self.words.interventions.is_empty()
            && self.record.linked
            && self.others_act()
            && !self.in_title()
    }

    /// Whether the label says `control` and nothing else.
    fn is_control(&self) -> bool {
        let Some(label) = &self.words.label else { return false };
        let text = &label.text;
        let fill = ["group", "arm", "the", "(", ")", ":", "-", "a", "b", "c", "1", "2", "i", "ii", "cohort"];
        let mut words = (0..text.tokens.len()).filter(|i| !text.is_any(*i, &fill));
        let control = ["control", "controls", "comparator", "comparison"];
        matches!((words.next(), words.next()), (Some(i), None) if text.is_any(i, &control))
    }

    /// The words of the arm and the names of what it gets.
    fn texts(&self) -> impl Iterator<Item = &Text<'_>> {
        let own = [self.words.label.as_ref(), self.words.description.as_ref()].into_iter().flatten();
        let given = self.words.interventions.iter().map(|i| &self.record.interventions[*i]);
        own.chain(given.flat_map(|v| std::iter::once(&v.name).chain(&v.others))).map(|p| &p.text)
    }

    fn says(&self, what: impl Fn(&Text<'_>) -> bool) -> bool {
        self.texts().any(what)
    }

    /// Whether the description of what it gets speaks of a placebo; a vehicle may be that of something that acts.
    fn described_as_placebo(&self) -> bool {
        let given = self
            .words
            .interventions
            .iter()
            .filter_map(|i| self.record.interventions[*i].description.as_ref());
        let words = ["placebo", "placebos", "saline", "dummy", "inert", "inactive"];
        given.into_iter().any(|d| content::says(&d.text, &words))
    }

    /// Whether what is called placebo is a drug by its strength: `Placebo: 1 mL of 1% lidocaine`.
    fn placebo_acts(&self) -> bool {
        let words =
            self.words.description.as_ref().map(|d| &d.text).filter(|t| content::says_placebo_alone(t));
        let given = self.words.interventions.iter().filter(|i| self.contents[**i] == Content::Placebo);
        let given = given.filter_map(|i| self.record.interventions[*i].description.as_ref().map(|d| &d.text));
        words.is_none() && given.into_iter().any(content::names_strength)
    }

    fn placebo(&self) -> Role {
        if self.placebo_acts() {
            return Role::Active;
        }
        let own = [self.words.label.as_ref(), self.words.description.as_ref()];
        let own_says = |what: fn(&Text<'_>) -> bool| own.iter().flatten().any(|p| what(&p.text));
        // A label `Placebo Comparator` repeats the type; the interventions tell.
        let label_repeats =
            self.words.label.as_ref().is_some_and(|l| content::says(&l.text, &["placebo comparator"]));
        let said = self.says(content::says_placebo) && !label_repeats;
        if said || self.described_as_placebo() || self.has(Content::Placebo) || self.zero_dose() {
            return Role::Placebo;
        }
        if self.says(content::says_sham) {
            return Role::Sham;
        }
        if own_says(content::says_nothing) || self.has(Content::Nothing) {
            return Role::NoIntervention;
        }
        if self.has(Content::Standard) || (self.has(Content::Active) && self.own) {
            return Role::Active;
        }
        Role::Unclear
    }

    fn sham(&self) -> Role {
        let says = |text: &Text<'_>| content::says_sham(text) || content::says_placebo(text);
        // A placebo or its vehicle that is given is no sham, whatever the type says.
        if !self.named_sham() && self.has(Content::Placebo) && !self.has(Content::Active)
            || !self.named_sham() && self.label_is_placebo()
        {
            return Role::Placebo;
        }
        if self.says(says) || !self.has(Content::Active) { Role::Sham } else { Role::Unclear }
    }

    /// Whether the arm's own words say that it gets standard care and no more: `conventional therapy only`.
    fn standard_only(&self) -> bool {
        let own = [self.words.label.as_ref(), self.words.description.as_ref()];
        own.into_iter().flatten().any(|p| content::says_standard_only(&p.text))
    }

    /// Whether the arm is one of two, of which the other gets nothing that acts: what this one gets is tested.
    fn opposite_nothing(&self) -> bool {
        let [one, two] = &self.record.arms[..] else { return false };
        let other = if std::ptr::eq(one, self.words) { two } else { one };
        let inert = |i: &usize| matches!(self.contents[*i], Content::Nothing | Content::Standard);
        let words = [other.label.as_ref(), other.description.as_ref()];
        let says = words.into_iter().flatten().any(|p| {
            content::says_nothing(&p.text)
                || content::says_standard(&p.text)
                || content::says(&p.text, &["observational only", "observation only"])
        });
        let idle = other.typed == Some("NO_INTERVENTION") || !other.interventions.is_empty() || says;
        // Doing less may be what is tested.
        idle && other.typed != Some("EXPERIMENTAL")
            && other.interventions.iter().all(inert)
            && self.has(Content::Active)
    }

    /// Whether what the arm gets is tested though it is typed a comparator: no arm is typed experimental, the others
    /// get nothing that acts, and, where several act, the title names what sets this one apart.
    fn tested(&self) -> bool {
        const INERT: [&str; 3] = ["PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"];
        let typed = |a: &ArmWords<'_>| a.typed.unwrap_or_default().to_owned();
        let arms = &self.record.arms;
        let inert = arms.iter().filter(|a| INERT.contains(&typed(a).as_str())).count();
        let acting = arms.iter().filter(|a| typed(a) == "ACTIVE_COMPARATOR").count();
        if inert == 0 || inert + acting != arms.len() || !self.acts() {
            return false;
        }
        acting == 1 || self.in_title()
    }

    /// Whether what sets the arm apart acts, as far as the record links it.
    fn acts(&self) -> bool {
        self.has(Content::Active) || (self.words.interventions.is_empty() && !self.record.linked)
    }

    /// Whether a title has a word of the label or of what sets the arm apart.
    fn in_title(&self) -> bool {
        let given = self.distinct.iter().map(|i| &self.record.interventions[*i].name.text);
        let own = self.words.label.as_ref().map(|l| &l.text).into_iter().chain(given);
        let acronym = |word: &str| word.len() > 2 && word.bytes().all(|b| b.is_ascii_uppercase());
        let telling = |word: &&str| (word.len() > 4 || acronym(word)) && !generic(word);
        let words: Vec<&str> = own.flat_map(|t| t.words()).filter(telling).collect();
        let titles = [Field::of("BriefTitle"), Field::of("OfficialTitle")];
        let titles = self.record.prose.iter().filter(|p| titles.contains(&p.field));
        titles
            .into_iter()
            .any(|p| p.text.words().any(|word| words.iter().any(|w| w.eq_ignore_ascii_case(word))))
    }

    /// Whether an arm called control says nothing of what it gets.
    fn control_without_content(&self) -> bool {
        let given =
            || self.words.interventions.iter().map(|i| (self.contents[*i], &self.record.interventions[*i]));
        let silent = given().all(|(content, v)| content == Content::Unnamed && v.description.is_none());
        self.is_control() && self.words.description.is_none() && silent
    }

    fn active(&self) -> Role {
        if self.control_without_content() {
            return Role::Unclear;
        }
        if (self.opposite_nothing() || self.tested()) && !self.is_control() {
            return Role::Experimental;
        }
        let acts =
            |i: &usize| matches!(self.contents[*i], Content::Active | Content::Standard | Content::Unnamed);
        if self.words.interventions.iter().any(acts) {
            return Role::Active;
        }
        let standard = self.texts().any(content::says_standard);
        match self.inert(None) {
            Some(role) if !standard => role,
            _ => Role::Active,
        }
    }

    fn no_intervention(&self, label: Option<Content>) -> Role {
        if !self.own {
            let placebo = label == Some(Content::Placebo);
            return if placebo { Role::Placebo } else { Role::NoIntervention };
        }
        match self.inert(None) {
            Some(role) => role,
            None if self.has(Content::Active) && !self.says(content::says_nothing) => Role::Active,
            None => Role::NoIntervention,
        }
    }

    fn untyped(&self, label: Option<Content>, no_type: bool) -> Role {
        // The groups of an observational study get nothing from it.
        if !self.record.interventional() {
            return Role::Unclear;
        }
        if let Some(role) = self.inert(label) {
            return role;
        }
        if !self.has(Content::Active) {
            return Role::Unclear;
        }
        match (self.is_control(), no_type) {
            (true, _) => Role::Active,
            (false, true) => Role::Experimental,
            (false, false) if self.record.arms.len() == 1 && self.record.interventional() => {
                Role::Experimental
            }
            _ => Role::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Study;
    use serde_json::{Value, json};

    use super::*;

    /// The roles of arms, each a label, a type, a description and the names of what it gets.
    #[track_caller]
    fn roles(arms: &[(&str, &str, &str, &[&str])], interventions: Value, expected: &[Role]) {
        let arms: Vec<Value> = arms
            .iter()
            .map(|(label, typed, description, given)| {
                json!({"label": label, "type": typed, "description": description, "interventionNames": given})
            })
            .collect();
        let study = Study::new(json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A drug for a disease"},
            "designModule": {"studyType": "INTERVENTIONAL"},
            "armsInterventionsModule": {"armGroups": arms, "interventions": interventions},
        }}));
        let study = study.unwrap();
        let found: Vec<Role> = read(&Record::new(&study)).iter().map(|a| a.role).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn opposite_nothing_it_is_tested() {
        let given = json!([{"type": "DRUG", "name": "Gadgetol"}, {"type": "DRUG", "name": "Widgetol"}]);
        let tested = ("Gadgetol", "ACTIVE_COMPARATOR", "", &["Drug: Gadgetol"][..]);
        let idle = ("Observation", "NO_INTERVENTION", "Observational only", &[][..]);
        roles(&[tested, idle], given.clone(), &[Role::Experimental, Role::NoIntervention]);
        let other = ("Widgetol", "EXPERIMENTAL", "", &["Drug: Widgetol"][..]);
        roles(&[tested, other], given.clone(), &[Role::Active, Role::Experimental]);
        // Beside a second arm that acts it is a comparator.
        roles(&[tested, other, idle], given, &[Role::Active, Role::Experimental, Role::NoIntervention]);
    }

    #[test]
    fn opposite_a_placebo_it_is_tested() {
        let given = json!([{"type": "DRUG", "name": "Gadgetol"}, {"type": "DRUG", "name": "Widgetol"},
            {"type": "DRUG", "name": "Placebo"}]);
        let one = ("Gadgetol", "ACTIVE_COMPARATOR", "", &["Drug: Gadgetol"][..]);
        let two = ("Widgetol", "ACTIVE_COMPARATOR", "", &["Drug: Widgetol"][..]);
        let inert = ("Placebo", "PLACEBO_COMPARATOR", "", &["Drug: Placebo"][..]);
        roles(&[one, inert], given.clone(), &[Role::Experimental, Role::Placebo]);
        // The title names neither of two.
        roles(&[one, two, inert], given.clone(), &[Role::Active, Role::Active, Role::Placebo]);
        let none = ("1", "PLACEBO_COMPARATOR", "0 mg Gadgetol", &["Drug: Gadgetol"][..]);
        let some = ("2", "EXPERIMENTAL", "60 mg Gadgetol", &["Drug: Gadgetol"][..]);
        roles(&[none, some], given.clone(), &[Role::Placebo, Role::Experimental]);
        let strong = json!([{"type": "DRUG", "name": "Gadgetol"},
            {"type": "DRUG", "name": "Placebo", "description": "1 mL of 1% lidocaine"}]);
        let named = ("Placebo", "PLACEBO_COMPARATOR", "", &["Drug: Placebo"][..]);
        let tested = ("Gadgetol", "EXPERIMENTAL", "", &["Drug: Gadgetol"][..]);
        roles(&[tested, named], strong, &[Role::Experimental, Role::Active]);
        let vehicle = ("Placebo", "SHAM_COMPARATOR", "Suspension medium", &["Drug: Placebo"][..]);
        roles(&[some, vehicle], given, &[Role::Experimental, Role::Placebo]);
    }

    #[test]
    fn standard_care_only_is_a_comparator() {
        let given = json!([{"type": "DRUG", "name": "Gadgetol"}, {"type": "DRUG", "name": "Widgetol"}]);
        let more = ("A", "EXPERIMENTAL", "Gadgetol on top of usual care", &["Drug: Gadgetol"][..]);
        let only = ("B", "EXPERIMENTAL", "They get usual care only", &["Drug: Widgetol"][..]);
        roles(&[more, only], given, &[Role::Experimental, Role::Active]);
    }

    #[test]
    fn what_all_get_is_a_comparator() {
        let given = json!([{"type": "DRUG", "name": "Gadgetol"}, {"type": "DRUG", "name": "Widgetol"}]);
        let more = ("A", "EXPERIMENTAL", "", &["Drug: Gadgetol", "Drug: Widgetol"][..]);
        let background = ("B", "EXPERIMENTAL", "", &["Drug: Widgetol"][..]);
        roles(&[more, background], given, &[Role::Experimental, Role::Active]);
    }

    #[test]
    fn a_control_without_content_is_unclear() {
        let given = json!([{"type": "DRUG", "name": "Gadgetol"}, {"type": "OTHER", "name": "Control"}]);
        let tested = ("A", "EXPERIMENTAL", "", &["Drug: Gadgetol"][..]);
        let control = ("Control", "ACTIVE_COMPARATOR", "", &["Other: Control"][..]);
        roles(&[tested, control], given, &[Role::Experimental, Role::Unclear]);
    }

    #[test]
    fn a_sham_by_another_name() {
        let other = |name: &str| {
            json!([{"type": "DRUG", "name": "Gadgetol"},
                {"type": "DRUG", "name": "Widgetol", "otherNames": [name]}])
        };
        let tested = ("A", "EXPERIMENTAL", "", &["Drug: Gadgetol"][..]);
        let second = ("B", "ACTIVE_COMPARATOR", "", &["Drug: Widgetol"][..]);
        roles(&[tested, second], other("Sham comparator"), &[Role::Experimental, Role::Sham]);
        let typed = ("B", "EXPERIMENTAL", "", &["Drug: Widgetol"][..]);
        roles(&[tested, typed], other("Sham comparator"), &[Role::Experimental, Role::Experimental]);
        roles(&[tested, second], other("Active or sham use"), &[Role::Experimental, Role::Active]);
    }
}
