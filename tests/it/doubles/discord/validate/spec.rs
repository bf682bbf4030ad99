//! Discord's official OpenAPI description: which routes exist, and what a request or an answer must look like.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Registry, ValidationError, Validator};
use serde_json::{Value, json};

use crate::doubles::discord::errors::Problem;
use crate::doubles::discord::request::Request;

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../specs/discord-openapi.json"))
        .expect("the description is JSON")
});

const ROOT: &str = "urn:discord-openapi";

static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    Registry::new()
        .add(ROOT, DESCRIPTION.clone())
        .expect("the description is a resource")
        .prepare()
        .expect("the description refers to nothing outside itself")
});

static ROUTES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let paths = DESCRIPTION["paths"]
        .as_object()
        .expect("paths is an object");
    paths
        .iter()
        .map(|(template, item)| Template {
            template,
            segments: template.split('/').skip(1).collect(),
            item,
        })
        .collect()
});

struct Template {
    template: &'static str,
    segments: Vec<&'static str>,
    item: &'static Value,
}

/// A path of the API that the description knows.
#[derive(Clone, Debug)]
pub struct Route {
    /// The path as the description writes it, e.g. `/channels/{channel_id}/messages`.
    pub template: &'static str,
    /// The values of its parameters, in order of the path.
    pub params: Vec<(&'static str, String)>,
    /// Whether the description has the method, too.
    pub allowed: bool,
}

/// Finds the route of a path below `/api/v10`; the one with most fixed segments wins.
pub fn route(method: &str, path: &str) -> Option<Route> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let fits = |template: &&Template| {
        template.segments.len() == parts.len()
            && template.segments.iter().zip(&parts).all(|(s, p)| {
                if s.starts_with('{') {
                    !p.is_empty()
                } else {
                    s == p
                }
            })
    };
    let found = ROUTES
        .iter()
        .filter(fits)
        .max_by_key(|t| t.segments.iter().filter(|s| !s.starts_with('{')).count())?;
    let params = found
        .segments
        .iter()
        .zip(&parts)
        .filter(|(segment, _)| segment.starts_with('{'))
        .map(|(segment, part)| (segment.trim_matches(['{', '}']), (*part).to_owned()))
        .collect();
    let allowed = !found.item[method.to_lowercase()].is_null();
    Some(Route {
        template: found.template,
        params,
        allowed,
    })
}

/// Says whether the description has this method on this template.
pub fn knows(method: &str, template: &str) -> bool {
    !DESCRIPTION["paths"][template][method.to_lowercase()].is_null()
}

/// Returns the body with the two false alarms of the description taken out.
///
/// Digit strings where it says integer (`default_member_permissions`), and null `proxy_url`, `width` and
/// `height` in the images of embeds: Discord takes both.
pub fn tolerated(template: &str, body: &Value) -> Value {
    let mut body = body.clone();
    if template.contains("/commands") {
        let commands = match &mut body {
            Value::Array(list) => list.iter_mut().collect(),
            other => vec![other],
        };
        for command in commands {
            if let Some(bits) = command["default_member_permissions"]
                .as_str()
                .and_then(|bits| bits.parse::<u64>().ok())
            {
                command["default_member_permissions"] = json!(bits);
            } else if let Some(map) = command.as_object_mut()
                && map
                    .get("default_member_permissions")
                    .is_some_and(Value::is_null)
            {
                map.remove("default_member_permissions");
            }
        }
    }
    for holder in ["", "/data"] {
        let embeds = body
            .pointer_mut(&format!("{holder}/embeds"))
            .and_then(Value::as_array_mut);
        for embed in embeds.into_iter().flatten() {
            for image in ["image", "thumbnail", "video"] {
                if let Some(map) = embed.get_mut(image).and_then(Value::as_object_mut) {
                    map.retain(|key, value| {
                        !(value.is_null()
                            && ["proxy_url", "width", "height"].contains(&key.as_str()))
                    });
                }
            }
        }
    }
    body
}

/// Checks the parameters of the path and of the query.
pub fn path_and_query(request: &Request, problems: &mut Vec<Problem>) {
    let item = &DESCRIPTION["paths"][request.route.template];
    let operation = &item[request.method.to_lowercase()];
    let declared: Vec<&Value> = [&operation["parameters"], &item["parameters"]]
        .into_iter()
        .flat_map(|list| list.as_array().into_iter().flatten())
        .collect();
    let find = |place: &str, name: &str| {
        declared
            .iter()
            .find(|p| p["in"] == *place && p["name"] == *name)
    };
    for (name, value) in &request.route.params {
        if let Some(parameter) = find("path", name) {
            check_parameter(&parameter["schema"], name, value, problems);
        }
    }
    for (name, value) in &request.query {
        match find("query", name) {
            Some(parameter) => {
                check_parameter(&parameter["schema"], &format!("?{name}"), value, problems)
            }
            None => problems.push(Problem::ours(
                format!("?{name}"),
                "QUERY",
                "Discord knows no such query parameter",
            )),
        }
    }
}

fn check_parameter(schema: &Value, name: &str, raw: &str, problems: &mut Vec<Problem>) {
    let pointer = schema["$ref"]
        .as_str()
        .map_or_else(|| schema.to_string(), str::to_owned);
    let kind = schema["type"].as_str().unwrap_or("string");
    let value = match kind {
        "integer" => raw.parse::<i64>().map_or(json!(raw), |n| json!(n)),
        "boolean" => match raw.to_lowercase().as_str() {
            "true" | "1" => json!(true),
            "false" | "0" => json!(false),
            _ => json!(raw),
        },
        "array" => return,
        _ => json!(raw),
    };
    let built = validator(&pointer, || match schema["$ref"].as_str() {
        Some(pointer) => json!({"$ref": format!("{ROOT}{pointer}")}),
        None => schema.clone(),
    });
    if let Err(error) = built.validate(&value) {
        problems.push(Problem::new(name, "PARAMETER", error.to_string()));
    }
}

/// Checks the body against the schema of the operation, or against a named one that is narrower.
pub fn body(request: &Request, named: Option<&str>, form: &Value, problems: &mut Vec<Problem>) {
    let method = request.method.to_lowercase();
    let operation = &DESCRIPTION["paths"][request.route.template][&method];
    let content = &operation["requestBody"]["content"]["application/json"];
    if content.is_null() {
        if !form.is_null() && form.as_object().is_none_or(|map| !map.is_empty()) {
            problems.push(Problem::ours("", "BODY", "the operation takes no body"));
        }
        return;
    }
    let pointer = match named {
        Some(name) => format!("#/components/schemas/{name}"),
        None => format!(
            "#/paths/{}/{method}/requestBody/content/application~1json/schema",
            escaped(request.route.template)
        ),
    };
    check(&pointer, form, problems);
}

/// Checks an answer of the double against the description, so that the double cannot drift from it either.
pub fn answer(method: &str, template: &str, status: u16, body: &Value) -> Vec<Problem> {
    let method = method.to_lowercase();
    let responses = &DESCRIPTION["paths"][template][&method]["responses"];
    let key = if responses[status.to_string()].is_null() && status >= 400 {
        "4XX".to_owned()
    } else {
        status.to_string()
    };
    let mut problems = Vec::new();
    if responses[&key].is_null() {
        problems.push(Problem::new(
            "",
            "STATUS",
            format!("{method} {template} never answers {status}"),
        ));
    } else if responses[&key]["content"]["application/json"].is_null() {
        if !body.is_null() && status < 400 {
            problems.push(Problem::new(
                "",
                "BODY",
                format!("{method} {template} answers {status} without a body"),
            ));
        }
    } else {
        let pointer = format!(
            "#/paths/{}/{method}/responses/{key}/content/application~1json/schema",
            escaped(template)
        );
        check(&pointer, body, &mut problems);
    }
    problems
}

/// Names the constraints that a value breaks as a property of a named schema.
pub fn broken_by(schema: &str, property: &str, value: &Value) -> Vec<String> {
    let pointer = format!("#/components/schemas/{schema}/properties/{property}");
    validator(&pointer, || json!({"$ref": format!("{ROOT}{pointer}")}))
        .iter_errors(value)
        .map(|error| error.kind().keyword().to_owned())
        .collect()
}

fn check(pointer: &str, value: &Value, problems: &mut Vec<Problem>) {
    let built = validator(pointer, || json!({"$ref": format!("{ROOT}{pointer}")}));
    for error in built.iter_errors(value) {
        explain(&error, problems);
    }
}

/// Tells what is wrong in the branch that was most likely meant, rather than that no branch fits.
fn explain(error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        problems.push(Problem::new(
            error.instance_path().to_string(),
            "SCHEMA",
            shortened(&error.to_string()),
        ));
        return;
    };
    let here = error.instance_path().to_string();
    let misses = |branch: &&Vec<ValidationError<'static>>| {
        let is_other_kind = branch.iter().any(|e| {
            let at = e.instance_path().to_string();
            at == format!("{here}/type")
                || (at == here && matches!(e.kind(), ValidationErrorKind::Type { .. }))
        });
        (is_other_kind, branch.len())
    };
    match context
        .iter()
        .filter(|branch| !branch.is_empty())
        .min_by_key(misses)
    {
        Some(branch) => branch.iter().for_each(|error| explain(error, problems)),
        None => problems.push(Problem::new(here, "SCHEMA", shortened(&error.to_string()))),
    }
}

fn escaped(template: &str) -> String {
    // Inside a URI fragment the braces and the at sign are percent-encoded, the slashes are the pointer's own.
    template
        .replace('/', "~1")
        .replace('{', "%7B")
        .replace('}', "%7D")
}

fn shortened(message: &str) -> String {
    if message.chars().count() <= 600 {
        message.to_owned()
    } else {
        message.chars().take(600).chain("…".chars()).collect()
    }
}

fn validator(key: &str, schema: impl FnOnce() -> Value) -> Arc<Validator> {
    static BUILT: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    if let Some(found) = BUILT.lock().unwrap().get(key) {
        return Arc::clone(found);
    }
    let built = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .with_registry(&REGISTRY)
        .build(&schema())
        .expect("the description compiles");
    let built = Arc::new(built);
    BUILT
        .lock()
        .unwrap()
        .insert(key.to_owned(), Arc::clone(&built));
    built
}
