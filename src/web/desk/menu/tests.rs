use super::*;

#[test]
fn every_verb_is_in_one_of_the_menus() {
    for verb in Verb::ALL {
        let of_inquiry = OF_INQUIRY.contains(&verb);
        let other = OTHERS.iter().any(|(_, verbs)| verbs.contains(&verb));
        // The column itself answers these.
        let is_answered = matches!(verb, Verb::Show | Verb::Why);
        let places = [of_inquiry, other, is_answered];
        let places = places.into_iter().filter(|is_there| *is_there).count();
        assert_eq!(places, 1, "{}", verb.name());
        assert_eq!(of_inquiry || is_answered, verb.needs_inquiry());
    }
}
