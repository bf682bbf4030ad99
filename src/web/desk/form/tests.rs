use super::*;

#[test]
fn every_field_has_a_name_of_its_own_in_its_form() {
    let said = |lang: Lang, verb: Verb, param: &Param| {
        let label = i18n::say(lang, label(verb, param), &Args::new());
        (label, param.name)
    };
    for lang in Lang::ALL {
        for verb in Verb::ALL {
            let mut seen: Vec<String> = Vec::new();
            for param in verb.params() {
                let (label, name) = said(lang, verb, param);
                let is_words = matches!(name, "text");
                let is_general = label == i18n::say(lang, "web-param-text", &Args::new());
                assert!(
                    is_words || !is_general,
                    "{} {name} is called {label}",
                    verb.name()
                );
                assert!(!seen.contains(&label), "{} {label} twice", verb.name());
                seen.push(label);
            }
        }
    }
}
