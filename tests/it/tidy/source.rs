//! Reads Rust text well enough to know what it imports: not a parser, but right about comments, strings, groups and
//! nested modules.

/// Replaces what comments, strings and characters contain by spaces, so that every other byte keeps its line.
pub fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let end = match chars[i] {
            '/' if chars.get(i + 1) == Some(&'/') => line_end(&chars, i),
            '/' if chars.get(i + 1) == Some(&'*') => block_comment_end(&chars, i),
            '"' => string_end(&chars, i),
            'r' if !follows_word(&chars, i) => raw_string_end(&chars, i).unwrap_or(i),
            'b' | 'c' if !follows_word(&chars, i) && chars.get(i + 1) == Some(&'r') => {
                raw_string_end(&chars, i + 1).unwrap_or(i)
            }
            '\'' => char_end(&chars, i).unwrap_or(i),
            _ => i,
        };
        if end == i {
            out.push(chars[i]);
            i += 1;
        } else {
            out.extend(
                chars[i..end]
                    .iter()
                    .map(|c| if *c == '\n' { '\n' } else { ' ' }),
            );
            i = end;
        }
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn follows_word(chars: &[char], i: usize) -> bool {
    i > 0 && is_word(chars[i - 1])
}

fn line_end(chars: &[char], from: usize) -> usize {
    (from..chars.len())
        .find(|&i| chars[i] == '\n')
        .unwrap_or(chars.len())
}

fn block_comment_end(chars: &[char], from: usize) -> usize {
    let (mut i, mut depth) = (from, 0);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i.min(chars.len())
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut i = from + 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

/// The end of `r"…"` or `r#"…"#` when one begins at `from`; `r#name` is none.
fn raw_string_end(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    let open = from + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let closes = |i: &usize| {
        chars[*i] == '"'
            && chars[i + 1..]
                .iter()
                .take(hashes)
                .filter(|c| **c == '#')
                .count()
                == hashes
    };
    Some(
        (open + 1..chars.len())
            .find(closes)
            .map_or(chars.len(), |i| i + 1 + hashes),
    )
}

/// The end of `'x'` or `'\n'` when one begins at `from`; a lifetime is none.
fn char_end(chars: &[char], from: usize) -> Option<usize> {
    if chars.get(from + 1) == Some(&'\\') {
        return (from + 3..chars.len())
            .find(|&i| chars[i] == '\'')
            .map(|i| i + 1);
    }
    (chars.get(from + 2) == Some(&'\'')).then_some(from + 3)
}

/// A word or a mark of the blanked text, with its line (from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

impl Token {
    fn is_word(&self) -> bool {
        self.text
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// Cuts blanked text into words, `::` and single marks.
pub fn tokens(blanked: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (number, line) in blanked.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if rest.starts_with("::") {
                2
            } else if let Some(raw) = rest.strip_prefix("r#") {
                2 + raw.find(|c| !is_word(c)).unwrap_or(raw.len())
            } else if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            tokens.push(Token {
                text: rest[..length].to_owned(),
                line: number + 1,
            });
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// A path that the text names, from its root: `crate::app::Store`, `sqlx::Row`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub path: Vec<String>,
    pub line: usize,
    /// Stands in a `use`, so its first word is a crate or a module and nothing else.
    pub imported: bool,
}

/// Every path in the tokens of the module `here` (`["chat", "desk"]`), with `self` and `super` followed to the root.
pub fn paths(tokens: &[Token], here: &[String]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut modules: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut i = 0;
    while i < tokens.len() {
        let text = tokens[i].text.as_str();
        let next = tokens.get(i + 1).map(|t| t.text.as_str());
        match text {
            "{" => depth += 1,
            "}" => {
                depth -= 1usize.min(depth);
                modules.retain(|(_, opened)| *opened <= depth);
            }
            "mod" if tokens.get(i + 2).is_some_and(|t| t.text == "{") => {
                depth += 1;
                modules.push((tokens[i + 1].text.clone(), depth));
                i += 3;
                continue;
            }
            "use" if next != Some("<") => {
                let module: Vec<String> = here
                    .iter()
                    .cloned()
                    .chain(modules.iter().map(|m| m.0.clone()))
                    .collect();
                let mut leaves = Vec::new();
                i = use_tree(tokens, i + 1, &[], &mut leaves);
                found.extend(leaves.into_iter().map(|(path, line)| Named {
                    path: from_root(&path, &module),
                    line,
                    imported: true,
                }));
                continue;
            }
            _ if tokens[i].is_word() && next == Some("::") && !continues_a_path(tokens, i) => {
                let module: Vec<String> = here
                    .iter()
                    .cloned()
                    .chain(modules.iter().map(|m| m.0.clone()))
                    .collect();
                let (path, end) = inline_path(tokens, i);
                found.push(Named {
                    path: from_root(&path, &module),
                    line: tokens[i].line,
                    imported: false,
                });
                i = end;
                continue;
            }
            _ => {}
        }
        i += 1;
    }
    found
}

/// `a::b` inside `<T as X>::a::b` or after a dot is no path from a root; a leading `::` is one.
fn continues_a_path(tokens: &[Token], i: usize) -> bool {
    let before = |n: usize| i.checked_sub(n).map(|i| &tokens[i]);
    match before(1).map(|t| t.text.as_str()) {
        Some("::") => before(2)
            .is_some_and(|t| t.is_word() && t.text != "dyn" && t.text != "in" || t.text == ">"),
        Some(".") => true,
        _ => false,
    }
}

fn inline_path(tokens: &[Token], from: usize) -> (Vec<String>, usize) {
    let mut path = vec![tokens[from].text.clone()];
    let mut i = from + 1;
    while i + 1 < tokens.len() && tokens[i].text == "::" && tokens[i + 1].is_word() {
        path.push(tokens[i + 1].text.clone());
        i += 2;
    }
    (path, i)
}

/// Reads one tree of a `use` from `i`, adds its leaves, and says where it ends.
fn use_tree(
    tokens: &[Token],
    mut i: usize,
    prefix: &[String],
    leaves: &mut Vec<(Vec<String>, usize)>,
) -> usize {
    let mut path = prefix.to_vec();
    let mut line = tokens.get(i).map_or(0, |t| t.line);
    while let Some(token) = tokens.get(i) {
        match token.text.as_str() {
            "::" => i += 1,
            "{" => {
                i += 1;
                while tokens.get(i).is_some_and(|t| t.text != "}") {
                    if tokens[i].text == "," {
                        i += 1;
                    } else {
                        i = use_tree(tokens, i, &path, leaves);
                    }
                }
                return i + 1;
            }
            "," | "}" | ";" => break,
            "as" => i += 2,
            word => {
                if word != "self" || path.is_empty() {
                    path.push(word.to_owned());
                }
                line = token.line;
                i += 1;
            }
        }
    }
    leaves.push((path, line));
    // Only the outermost tree sees the semicolon; a group's own end is its caller's business.
    if tokens.get(i).is_some_and(|t| t.text == ";") {
        i + 1
    } else {
        i
    }
}

fn from_root(path: &[String], module: &[String]) -> Vec<String> {
    let mut root = module.to_vec();
    let mut rest = path;
    let mut is_relative = false;
    while let Some((first, tail)) = rest.split_first() {
        match first.as_str() {
            "self" => {}
            "super" => drop(root.pop()),
            _ => break,
        }
        is_relative = true;
        rest = tail;
    }
    if !is_relative {
        return path.to_vec();
    }
    std::iter::once("crate".to_owned())
        .chain(root)
        .chain(rest.iter().cloned())
        .collect()
}

/// Where the inline test modules are: the lines (from 1) of every `#[cfg(test)] mod … { … }`.
pub fn test_lines(tokens: &[Token]) -> Vec<std::ops::RangeInclusive<usize>> {
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text.as_str());
    let mut found = Vec::new();
    for i in 0..tokens.len() {
        let is_marked = (0..7)
            .map(|n| text(i + n))
            .eq(["#", "[", "cfg", "(", "test", ")", "]"]);
        if !is_marked {
            continue;
        }
        let Some(open) = (i + 7..tokens.len()).find(|&n| text(n) == "{" || text(n) == ";") else {
            continue;
        };
        let (mut depth, mut end) = (0usize, open);
        while end < tokens.len() {
            match text(end) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            end += 1;
        }
        found.push(tokens[i].line..=tokens[end.min(tokens.len() - 1)].line);
    }
    found
}
