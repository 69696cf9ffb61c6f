//! The figures of topic relevance.

/// What counts how much. The defaults were chosen on one half of the topics of the relevance data; the other half is
/// only looked at (`crates/matching/tests/relevance.rs`).
#[derive(Clone, Debug)]
pub struct Settings {
    /// How soon more hits of a term stop to matter: `k1` of BM25.
    pub saturation: f32,
    /// Hits in titles.
    pub title: f32,
    /// Hits in conditions.
    pub condition: f32,
    /// Hits in keywords.
    pub keyword: f32,
    /// Hits in MeSH headings of the conditions.
    pub heading: f32,
    /// Hits in headings above these.
    pub ancestor: f32,
    /// Hits in the summary and the study population.
    pub summary: f32,
    /// Hits in the detailed description.
    pub description: f32,
    /// Hits in interventions and arms.
    pub intervention: f32,
    /// A mention of a disease.
    pub disease: f32,
    /// A mention of a sign or symptom.
    pub sign: f32,
    /// A mention of a drug.
    pub chemical: f32,
    /// A mention of a treatment or operation.
    pub procedure: f32,
    /// A mention of a diagnostic technique.
    pub diagnostic: f32,
    /// A mention of a part of the body.
    pub anatomy: f32,
    /// A mention of an organism: who has one named in a note has an infection by it.
    pub organism: f32,
    /// A mention of any other concept.
    pub other: f32,
    /// A word that belongs to no concept.
    pub plain: f32,
    /// The concept of a mention, against its words.
    pub concept: f32,
    /// The words of a mention, against words of their own.
    pub word: f32,
    /// A mention in the first sentence.
    pub first: f32,
    /// A mention among earlier problems.
    pub past: f32,
    /// What each further mention adds.
    pub repeat: f32,
    /// A disease that is not named but shown.
    pub shown: f32,
    /// From which score on a disease is shown.
    pub shown_from: f32,
    /// A finding that nearly suffices, against others.
    pub telling: f32,
    /// At most so many terms are looked for.
    pub terms: usize,
    /// So many of the best studies vote for further terms.
    pub voters: usize,
    /// What each voter counts, against the one before it.
    pub decay: f32,
    /// So many further terms are looked for.
    pub further: usize,
    /// The share of what was asked, against further terms.
    pub asked: f32,
    /// How much the rarity of a term counts in the vote, as an exponent.
    pub rarity: f32,
    /// Votes for the words of conditions, titles, keywords and headings.
    pub votes: [f32; 4],
    /// What is left of the score of a study whose fields exclude the person's age or sex.
    pub unfit: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            saturation: 2.0,
            title: 6.0,
            condition: 2.0,
            keyword: 4.0,
            heading: 3.0,
            ancestor: 1.0,
            summary: 1.0,
            description: 0.8,
            intervention: 1.2,
            disease: 1.5,
            sign: 0.7,
            chemical: 0.9,
            procedure: 0.5,
            diagnostic: 0.3,
            anatomy: 0.4,
            organism: 1.0,
            other: 0.3,
            plain: 0.3,
            concept: 0.5,
            word: 0.5,
            first: 1.5,
            past: 0.6,
            repeat: 0.25,
            shown: 4.0,
            shown_from: 3.0,
            telling: 2.0,
            terms: 60,
            voters: 8,
            decay: 0.9,
            further: 20,
            asked: 0.6,
            rarity: 0.5,
            votes: [0.5, 0.7, 0.5, 1.0],
            unfit: 0.02,
        }
    }
}
