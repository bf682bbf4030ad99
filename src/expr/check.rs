//! Refuses, before anything runs, what the sandbox cannot bound while it runs.
//!
//! Fuel counts instructions, not bytes, so a few doublings of a text would eat all memory. The parsed tree is
//! therefore walked once: every filter and test must be known, parts of the language that carry values around loops
//! (macros, recursion, captured blocks) are refused, and the size each expression can reach is estimated.

use std::collections::HashMap;

use minijinja::machinery::ast::{self, BinOpKind, CallArg, Expr, Stmt};
use minijinja::machinery::{Span, Token, parse, parse_expr, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::error::{self, ErrorKind, ExprError};
use super::filters::{FILTERS, Size, TESTS};
use super::{OUTPUT_CAP, SOURCE_CAP};

/// The size that a value from the document is taken to have.
const DOCUMENT: u64 = OUTPUT_CAP as u64;
/// The largest estimate allowed: an expression may combine some sixty whole documents.
const LARGEST: u64 = 64 * DOCUMENT;
/// What any small value counts.
const SMALL: u64 = 16;
/// Operators and names between one pair of braces; the engine recurses over them.
const TAG_TOKENS: usize = 300;
/// Branches of one text; the engine recurses over `elif`.
const ELIFS: usize = 50;

/// Checks a text with holes.
pub(super) fn template(text: &str) -> Result<(), ExprError> {
    shape(text, false)?;
    let tree =
        parse(text, "text", SyntaxConfig::default()).map_err(|e| error::from_engine(text, &e))?;
    Walk {
        text,
        scopes: vec![HashMap::new()],
    }
    .stmt(&tree)
}

/// Checks a bare expression.
pub(super) fn expression(text: &str) -> Result<(), ExprError> {
    shape(text, true)?;
    let tree = parse_expr(text).map_err(|e| error::from_engine(text, &e))?;
    Walk {
        text,
        scopes: vec![HashMap::new()],
    }
    .size(&tree)
    .map(drop)
}

/// Bounds length and nesting before the parser recurses.
fn shape(text: &str, is_expression: bool) -> Result<(), ExprError> {
    let refuse =
        |range, message: String| Err(ExprError::new(text, range, ErrorKind::TooLong, message));
    if text.len() > SOURCE_CAP {
        return refuse(
            None,
            format!(
                "the text has {} bytes; at most {SOURCE_CAP} are allowed",
                text.len()
            ),
        );
    }
    let (mut in_tag, mut elifs) = (0, 0);
    for token in tokenize(text, is_expression, SyntaxConfig::default()) {
        let (token, span) = token.map_err(|e| error::from_engine(text, &e))?;
        match token {
            Token::VariableStart | Token::BlockStart => in_tag = 0,
            Token::Comma
            | Token::Colon
            | Token::Str(_)
            | Token::String(_)
            | Token::Int(_)
            | Token::Float(_) => {}
            Token::TemplateData(_) => {}
            Token::Ident("elif") => elifs += 1,
            _ => in_tag += 1,
        }
        if in_tag > TAG_TOKENS {
            return refuse(
                Some(error::bytes(span)),
                "one expression is too long; split it up".into(),
            );
        }
        if elifs > ELIFS {
            let message = format!("more than {ELIFS} `elif`; use a table and `| lookup(…)`");
            return refuse(Some(error::bytes(span)), message);
        }
    }
    Ok(())
}

struct Walk<'t> {
    text: &'t str,
    /// What the names in scope can hold, innermost last.
    scopes: Vec<HashMap<String, u64>>,
}

impl Walk<'_> {
    fn fault<T>(
        &self,
        span: Span,
        kind: ErrorKind,
        message: impl Into<String>,
    ) -> Result<T, ExprError> {
        Err(ExprError::new(
            self.text,
            Some(error::bytes(span)),
            kind,
            message,
        ))
    }

    fn not_offered<T>(&self, span: Span, what: &str) -> Result<T, ExprError> {
        let message = format!("{what} not offered here; use `if`, `for`, `set` and filters");
        self.fault(span, ErrorKind::NotOffered, message)
    }

    fn stmts(&mut self, stmts: &[Stmt<'_>]) -> Result<(), ExprError> {
        stmts.iter().try_for_each(|s| self.stmt(s))
    }

    fn stmt(&mut self, stmt: &Stmt<'_>) -> Result<(), ExprError> {
        match stmt {
            Stmt::Template(t) => self.stmts(&t.children),
            Stmt::EmitRaw(_) => Ok(()),
            Stmt::EmitExpr(e) => self.size(&e.expr).map(drop),
            Stmt::IfCond(s) => {
                self.size(&s.expr)?;
                self.stmts(&s.true_body)?;
                self.stmts(&s.false_body)
            }
            Stmt::ForLoop(s) => self.for_loop(s, s.span()),
            Stmt::Set(s) => {
                let size = self.size(&s.expr)?;
                self.bind(&s.target, size)
            }
            Stmt::WithBlock(s) => {
                self.scopes.push(HashMap::new());
                for (target, expr) in &s.assignments {
                    let size = self.size(expr)?;
                    self.bind(target, size)?;
                }
                self.stmts(&s.body)?;
                self.scopes.pop();
                Ok(())
            }
            Stmt::SetBlock(s) => self.not_offered(s.span(), "a `set` block is"),
            Stmt::AutoEscape(s) => self.not_offered(s.span(), "`autoescape` is"),
            Stmt::FilterBlock(s) => self.not_offered(s.span(), "a `filter` block is"),
            Stmt::Block(s) => self.not_offered(s.span(), "`block` is"),
            Stmt::Import(s) => self.not_offered(s.span(), "`import` is"),
            Stmt::FromImport(s) => self.not_offered(s.span(), "`import` is"),
            Stmt::Extends(s) => self.not_offered(s.span(), "`extends` is"),
            Stmt::Include(s) => self.not_offered(s.span(), "`include` is"),
            Stmt::Macro(s) => self.not_offered(s.span(), "`macro` is"),
            Stmt::CallBlock(s) => self.not_offered(s.span(), "`call` is"),
            Stmt::Do(s) => self.not_offered(s.span(), "`do` is"),
            #[allow(
                unreachable_patterns,
                reason = "`break` and `continue` exist when another crate turns them on"
            )]
            _ => self.not_offered(Span::default(), "this statement is"),
        }
    }

    fn for_loop(&mut self, s: &ast::ForLoop<'_>, span: Span) -> Result<(), ExprError> {
        if s.recursive {
            return self.not_offered(span, "a recursive loop is");
        }
        let items = self.size(&s.iter)?;
        self.scopes
            .push(HashMap::from([("loop".to_owned(), items)]));
        self.bind(&s.target, items)?;
        if let Some(filter) = &s.filter_expr {
            self.size(filter)?;
        }
        self.stmts(&s.body)?;
        self.stmts(&s.else_body)?;
        self.scopes.pop();
        Ok(())
    }

    /// Remembers what a name can hold; after branches the larger counts.
    fn bind(&mut self, target: &Expr<'_>, size: u64) -> Result<(), ExprError> {
        match target {
            Expr::Var(v) => {
                let held = self
                    .scopes
                    .last_mut()
                    .expect("the outermost scope is never popped");
                let known = held.entry(v.id.to_owned()).or_default();
                *known = size.max(*known);
                Ok(())
            }
            Expr::List(l) => l.items.iter().try_for_each(|i| self.bind(i, size)),
            Expr::Tuple(t) => t.items.iter().try_for_each(|i| self.bind(i, size)),
            other => self.not_offered(other.span(), "assigning to this is"),
        }
    }

    /// Estimates the largest size of a value, and refuses what is beyond all use.
    fn size(&mut self, expr: &Expr<'_>) -> Result<u64, ExprError> {
        let size = match expr {
            Expr::Var(v) => self
                .scopes
                .iter()
                .rev()
                .find_map(|s| s.get(v.id))
                .copied()
                .unwrap_or(DOCUMENT),
            Expr::Const(c) => c.value.as_str().map_or(SMALL, |s| s.len() as u64 + SMALL),
            Expr::Slice(s) => {
                for bound in [&s.start, &s.stop, &s.step].into_iter().flatten() {
                    self.size(bound)?;
                }
                self.size(&s.expr)?
            }
            Expr::UnaryOp(o) => self.size(&o.expr)?,
            Expr::BinOp(o) => self.bin_op(o, o.span())?,
            Expr::Compare(c) => {
                self.size(&c.expr)?;
                c.ops
                    .iter()
                    .try_for_each(|o| self.size(&o.expr).map(drop))?;
                SMALL
            }
            Expr::IfExpr(i) => {
                self.size(&i.test_expr)?;
                let no = i.false_expr.as_ref().map_or(Ok(SMALL), |e| self.size(e))?;
                self.size(&i.true_expr)?.max(no)
            }
            Expr::Filter(f) => self.filter(f, f.span())?,
            Expr::Test(t) => {
                self.known(t.name, "test", TESTS.iter().copied(), t.span())?;
                self.size(&t.expr)?;
                self.args(&t.args)?;
                SMALL
            }
            Expr::GetAttr(a) => self.size(&a.expr)?,
            Expr::GetItem(i) => {
                self.size(&i.subscript_expr)?;
                self.size(&i.expr)?
            }
            Expr::Call(c) => return self.not_offered(c.span(), "calling functions and methods is"),
            Expr::List(l) => self.sum(&l.items)?,
            Expr::Tuple(t) => self.sum(&t.items)?,
            Expr::Map(m) => self.sum(&m.keys)?.saturating_add(self.sum(&m.values)?),
        };
        if size > LARGEST {
            let message = "this could grow out of proportion to the document; shorten the parts with `| truncate(…)`";
            return self.fault(expr.span(), ErrorKind::Growth, message);
        }
        Ok(size)
    }

    fn sum(&mut self, items: &[Expr<'_>]) -> Result<u64, ExprError> {
        items
            .iter()
            .try_fold(SMALL, |sum, e| Ok(self.size(e)?.saturating_add(sum)))
    }

    fn bin_op(&mut self, op: &ast::BinOp<'_>, span: Span) -> Result<u64, ExprError> {
        let (left, right) = (self.size(&op.left)?, self.size(&op.right)?);
        Ok(match op.op {
            BinOpKind::Concat => left.saturating_add(right),
            BinOpKind::Add if is_number(&op.left) && is_number(&op.right) => SMALL,
            BinOpKind::Add => left.saturating_add(right),
            BinOpKind::Mul if is_number(&op.left) && is_number(&op.right) => SMALL,
            BinOpKind::Mul => match literal(&op.left)
                .map(|n| (n, right))
                .or(literal(&op.right).map(|n| (n, left)))
            {
                Some((times, size)) => size.saturating_mul(times),
                None => {
                    let message = "`*` could repeat a text without bounds; say that both sides are numbers, as in \
                                   `a|int * b|int`";
                    return self.fault(span, ErrorKind::Growth, message);
                }
            },
            BinOpKind::ScAnd | BinOpKind::ScOr => left.max(right),
            BinOpKind::Sub
            | BinOpKind::Div
            | BinOpKind::FloorDiv
            | BinOpKind::Rem
            | BinOpKind::Pow => SMALL,
            BinOpKind::Eq
            | BinOpKind::Ne
            | BinOpKind::Lt
            | BinOpKind::Lte
            | BinOpKind::Gt
            | BinOpKind::Gte => SMALL,
            BinOpKind::In => SMALL,
        })
    }

    fn filter(&mut self, filter: &ast::Filter<'_>, span: Span) -> Result<u64, ExprError> {
        self.known(
            filter.name,
            "filter",
            FILTERS.iter().map(|(name, _)| *name),
            span,
        )?;
        let input = filter.expr.as_ref().map_or(Ok(SMALL), |e| self.size(e))?;
        let all = input.saturating_add(self.args(&filter.args)?);
        let rule = FILTERS
            .iter()
            .find(|(name, _)| *name == filter.name)
            .map(|(_, size)| *size);
        Ok(match rule {
            Some(Size::Small) => SMALL,
            Some(Size::Capped) => DOCUMENT,
            Some(Size::Times(n)) => all.saturating_mul(n),
            None => all,
        })
    }

    fn args(&mut self, args: &[CallArg<'_>]) -> Result<u64, ExprError> {
        args.iter().try_fold(0, |sum: u64, arg| {
            let (CallArg::Pos(e)
            | CallArg::Kwarg(_, e)
            | CallArg::PosSplat(e)
            | CallArg::KwargSplat(e)) = arg;
            Ok(sum.saturating_add(self.size(e)?))
        })
    }

    fn known<'n>(
        &self,
        name: &str,
        what: &str,
        names: impl Iterator<Item = &'n str> + Clone,
        span: Span,
    ) -> Result<(), ExprError> {
        if names.clone().any(|n| n == name) {
            return Ok(());
        }
        let near = names
            .map(|n| (strsim::jaro_winkler(n, name), n))
            .filter(|(likeness, _)| *likeness > 0.75)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let advice = match near {
            Some((_, near)) => format!("did you mean `{near}`?"),
            None => format!("see the list of {what}s in the documentation"),
        };
        self.fault(
            span,
            ErrorKind::UnknownName,
            format!("there is no {what} `{name}`; {advice}"),
        )
    }
}

/// A literal whole number, at least one, that may multiply a text.
fn literal(expr: &Expr<'_>) -> Option<u64> {
    match expr {
        Expr::Const(c) if c.value.is_number() => {
            Some(u64::try_from(c.value.clone()).unwrap_or(1).max(1))
        }
        _ => None,
    }
}

/// Whether the value is a number whatever the document says.
fn is_number(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Const(c) => c.value.is_number(),
        Expr::UnaryOp(o) => matches!(o.op, ast::UnaryOpKind::Neg) && is_number(&o.expr),
        Expr::Filter(f) => {
            matches!(f.name, "length" | "count" | "round" | "abs" | "epoch")
                || matches!(f.name, "int" | "float") && f.args.is_empty()
        }
        Expr::BinOp(o) => match o.op {
            BinOpKind::Sub
            | BinOpKind::Div
            | BinOpKind::FloorDiv
            | BinOpKind::Rem
            | BinOpKind::Pow => true,
            BinOpKind::Add | BinOpKind::Mul => is_number(&o.left) && is_number(&o.right),
            _ => false,
        },
        _ => false,
    }
}
