//! Counts what filters are given, because fuel does not: a step over a long text costs as much as the text is long.

use minijinja::value::{Rest, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, Value};

/// Bytes and items that the filters of one run may be given together; some tens of milliseconds.
const WORK_CAP: usize = 8 * 1024 * 1024;

/// What is left of the budget of a run.
struct Left(usize);

/// Adds a filter that pays for what it is given.
pub(super) fn add(env: &mut Environment<'static>, name: &'static str, filter: Value) {
    env.add_filter(
        name,
        move |state: &mut State, args: Rest<ValueOrKwargs>| -> Result<Value, Error> {
            let args = args.into_values();
            let left = state.get_or_insert_extension(Left(WORK_CAP));
            args.iter().try_for_each(|arg| pay(arg, &mut left.0))?;
            filter.call(state, &args)
        },
    );
}

fn pay(value: &Value, left: &mut usize) -> Result<(), Error> {
    let size = value.as_str().map_or(1, |text| text.len() + 1);
    *left = left
        .checked_sub(size)
        .ok_or_else(|| Error::from(ErrorKind::OutOfFuel))?;
    if !matches!(
        value.kind(),
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map
    ) {
        return Ok(());
    }
    let is_map = value.kind() == ValueKind::Map;
    for item in value.try_iter()? {
        pay(&item, left)?;
        if is_map {
            pay(&value.get_item(&item)?, left)?;
        }
    }
    Ok(())
}
