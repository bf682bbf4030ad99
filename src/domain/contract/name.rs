//! Names of customers and products, brought to a form in which they can be compared.
//!
//! Two names of a customer are the same if their keys are: letters and signs in full or half width are one (Ａ and A,
//! ｶﾞ and ガ), so are capitals and small letters, and every dash; spaces and `.` `,` `・` `'` `"` do not count; a form of
//! company at the beginning or the end (株式会社, (株), ㈱, 有限会社, (有), ㈲, 合同会社, (同)) does not, nor a 様 or 御中 at
//! the end. Nothing else is guessed: an abbreviation is an alias.

/// Forms of company, as they stand once widths are one and nothing is left between.
const COMPANIES: [&str; 8] = [
    "株式会社",
    "(株)",
    "㈱",
    "有限会社",
    "(有)",
    "㈲",
    "合同会社",
    "(同)",
];

/// What is added to a name out of politeness.
const HONORIFICS: [&str; 2] = ["様", "御中"];

/// The key of a customer's name; empty for a name of nothing.
pub fn name_key(name: &str) -> String {
    let whole = folded(name);
    let mut key = whole.as_str();
    loop {
        let before = key;
        for word in HONORIFICS {
            key = shorter(key.strip_suffix(word), key);
        }
        for form in COMPANIES {
            key = shorter(key.strip_prefix(form), key);
            key = shorter(key.strip_suffix(form), key);
        }
        if key == before {
            return key.to_owned();
        }
    }
}

/// A customer's name as it stands, without 様 or 御中 at its end: whoever writes to them adds one.
pub fn without_honorific(name: &str) -> &str {
    let name = name.trim();
    let bare = HONORIFICS.iter().find_map(|word| name.strip_suffix(word));
    shorter(bare.map(str::trim_end), name)
}

/// The key of a product's name: as a customer's, and every word counts.
pub fn product_key(name: &str) -> String {
    folded(name)
}

/// What is left, unless nothing would be.
fn shorter<'a>(left: Option<&'a str>, whole: &'a str) -> &'a str {
    left.filter(|left| !left.is_empty()).unwrap_or(whole)
}

fn folded(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            // Half-width katakana's voicing marks stand after their letter.
            'ﾞ' | '\u{3099}' => voice(&mut key, 1),
            'ﾟ' | '\u{309a}' => voice(&mut key, 2),
            _ => {
                let c = widened(c);
                let is_nothing =
                    c.is_whitespace() || matches!(c, '.' | ',' | '・' | '\'' | '"' | '\u{200b}');
                if !is_nothing {
                    key.extend(c.to_lowercase());
                }
            }
        }
    }
    key
}

/// One width for what has two; one sign for all dashes. The long vowel mark ー is a letter.
fn widened(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '－' => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{ff66}'..='\u{ff9d}' => {
            let nth = (c as usize) - 0xff66;
            KATAKANA.chars().nth(nth).unwrap_or(c)
        }
        '･' => '・',
        '’' | '‘' => '\'',
        other => other,
    }
}

/// The katakana of U+FF66 to U+FF9D, in order.
const KATAKANA: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// Voices the last letter: with 1 ガ of カ, with 2 パ of ハ. What has no such sound stays, and so does the mark.
fn voice(key: &mut String, step: u32) {
    let voiced = key.chars().next_back().and_then(|last| match (last, step) {
        ('ウ', 1) => Some('ヴ'),
        ('カ' | 'キ' | 'ク' | 'ケ' | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ', 1)
        | ('タ' | 'チ' | 'ツ' | 'テ' | 'ト', 1)
        | ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', _) => char::from_u32(last as u32 + step),
        ('か' | 'き' | 'く' | 'け' | 'こ' | 'さ' | 'し' | 'す' | 'せ' | 'そ', 1)
        | ('た' | 'ち' | 'つ' | 'て' | 'と', 1)
        | ('は' | 'ひ' | 'ふ' | 'へ' | 'ほ', _) => char::from_u32(last as u32 + step),
        _ => None,
    });
    match voiced {
        Some(voiced) => {
            key.pop();
            key.push(voiced);
        }
        None => key.push(if step == 1 { '゛' } else { '゜' }),
    }
}
