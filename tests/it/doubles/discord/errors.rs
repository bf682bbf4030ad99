//! Discord's refusals: the status, the code and the body a client gets to see.

use serde_json::{Map, Value, json};

/// A refusal as Discord words it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub code: u64,
    pub message: &'static str,
    /// The `errors` tree of an "Invalid Form Body", else null.
    pub errors: Value,
}

impl Refusal {
    const fn new(status: u16, code: u64, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            errors: Value::Null,
        }
    }

    pub const UNAUTHORIZED: Self = Self::new(401, 0, "401: Unauthorized");
    pub const NO_ROUTE: Self = Self::new(404, 0, "404: Not Found");
    pub const METHOD_NOT_ALLOWED: Self = Self::new(405, 0, "405: Method Not Allowed");
    pub const UNKNOWN_APPLICATION: Self = Self::new(404, 10002, "Unknown Application");
    pub const UNKNOWN_CHANNEL: Self = Self::new(404, 10003, "Unknown Channel");
    pub const UNKNOWN_GUILD: Self = Self::new(404, 10004, "Unknown Guild");
    pub const UNKNOWN_MEMBER: Self = Self::new(404, 10007, "Unknown Member");
    pub const UNKNOWN_MESSAGE: Self = Self::new(404, 10008, "Unknown Message");
    pub const UNKNOWN_USER: Self = Self::new(404, 10013, "Unknown User");
    pub const UNKNOWN_WEBHOOK: Self = Self::new(404, 10015, "Unknown Webhook");
    pub const UNKNOWN_INTERACTION: Self = Self::new(404, 10062, "Unknown interaction");
    pub const UNKNOWN_COMMAND: Self = Self::new(404, 10063, "Unknown application command");
    pub const ALREADY_ACKNOWLEDGED: Self =
        Self::new(400, 40060, "Interaction has already been acknowledged.");
    pub const MISSING_ACCESS: Self = Self::new(403, 50001, "Missing Access");
    pub const NOT_THE_AUTHOR: Self =
        Self::new(403, 50005, "Cannot edit a message authored by another user");
    pub const EMPTY_MESSAGE: Self = Self::new(400, 50006, "Cannot send an empty message");
    pub const MISSING_PERMISSIONS: Self = Self::new(403, 50013, "Missing Permissions");
    pub const SYSTEM_MESSAGE: Self =
        Self::new(403, 50021, "Cannot execute action on a system message");
    pub const WRONG_CHANNEL_TYPE: Self =
        Self::new(400, 50024, "Cannot execute action on this channel type");
    pub const INVALID_WEBHOOK_TOKEN: Self = Self::new(401, 50027, "Invalid Webhook Token");
    pub const INVALID_JSON: Self = Self::new(400, 50109, "The request body contains invalid JSON.");
    pub const THREAD_ARCHIVED: Self = Self::new(400, 50083, "Thread is archived");
    pub const THREAD_EXISTS: Self = Self::new(
        400,
        160_004,
        "A thread has already been created for this message",
    );
    pub const THREAD_LOCKED: Self = Self::new(400, 160_005, "Thread is locked");
    pub const OLD_MESSAGE_EDITS: Self = Self::new(
        429,
        30046,
        "Maximum number of edits to messages older than 1 hour reached. Try again later.",
    );

    /// Builds the "Invalid Form Body" answer from what is wrong where.
    pub fn invalid_form(problems: &[Problem]) -> Self {
        let mut errors = Value::Object(Map::new());
        for problem in problems {
            let mut node = &mut errors;
            for key in problem.at.split('/').filter(|key| !key.is_empty()) {
                node = &mut node[key];
            }
            let entry = json!({"code": problem.code, "message": problem.says});
            match node.get_mut("_errors").and_then(Value::as_array_mut) {
                Some(list) => list.push(entry),
                None => node["_errors"] = json!([entry]),
            }
        }
        Self {
            errors,
            ..Self::new(400, 50035, "Invalid Form Body")
        }
    }

    /// Returns the JSON body of the answer.
    pub fn body(&self) -> Value {
        let mut body = json!({"message": self.message, "code": self.code});
        if !self.errors.is_null() {
            body["errors"] = self.errors.clone();
        }
        body
    }
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// A JSON pointer into the body, or `?name` for the query.
    pub at: String,
    pub code: &'static str,
    pub says: String,
    /// Whether Discord itself refuses it; otherwise it is forbidden by our own house rules only.
    pub refused: bool,
}

impl Problem {
    /// Makes a problem that Discord refuses.
    pub fn new(at: impl Into<String>, code: &'static str, says: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            code,
            says: says.into(),
            refused: true,
        }
    }

    /// Makes a problem that Discord lets pass and that we forbid.
    pub fn ours(at: impl Into<String>, code: &'static str, says: impl Into<String>) -> Self {
        Self {
            refused: false,
            ..Self::new(at, code, says)
        }
    }
}
