//! The contract as an OpenAPI 3.1 document, made from the endpoint list.

use serde_json::{Map, Value, json};
use shared::api::{
    self, BODY_HASH_HEADER, CONTRACT_HEADER, EndpointInfo, Method,
    error::{Code, Problem},
};

/// The document.
pub fn document() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12()
        .with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut schemas = api::people::schemas(&mut generator);
    schemas.extend(api::book::schemas(&mut generator));
    schemas.extend(api::evidence::schemas(&mut generator));
    schemas.extend(api::audit::schemas(&mut generator));
    schemas.extend(api::procedure::schemas(&mut generator));
    schemas.extend(api::portal::schemas(&mut generator));
    schemas.extend(api::runbook::schemas(&mut generator));
    schemas.extend(api::bundle::schemas(&mut generator));
    let components: Map<String, Value> = generator.take_definitions(true);
    let mut paths = Map::new();
    for info in api::all() {
        let found = schemas.iter().find(|(name, ..)| *name == info.name);
        let Some((_, request, reply)) = found else { continue };
        let operation = operation(info, request, &components, reply);
        let path = paths.entry(info.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(info.method.as_str().to_lowercase(), operation);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "つながる連絡帳",
            "version": shared::CONTRACT.to_string(),
            "description": "The endpoints of つながる連絡帳. Refusals are problem details (RFC 9457) with a closed list of codes.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": crate::people::cookie::NAME } },
            "responses": {
                "Problem": {
                    "description": Code::ALL.iter().map(|c| format!("{} {}", c.status(), c.wire())).collect::<Vec<_>>().join(", "),
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
        },
    })
}

fn operation(
    info: &EndpointInfo,
    request: &schemars::Schema,
    components: &Map<String, Value>,
    reply: &schemars::Schema,
) -> Value {
    let mut parameters: Vec<Value> = info
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let changes = info.method != Method::Get;
    parameters.push(json!({ "name": CONTRACT_HEADER, "in": "header", "required": changes, "schema": { "type": "integer" } }));
    let mut operation = json!({
        "operationId": info.name,
        "summary": info.doc.trim(),
        "x-action": info.action.wire(),
        "x-audit": format!("{:?}", info.audit),
        "security": if matches!(info.action, shared::authority::Action::SignIn | shared::authority::Action::ReadContract) { json!([]) } else { json!([{ "session": [] }]) },
        "responses": {
            "200": { "description": "done", "content": { "application/json": { "schema": reply } } },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if info.method.has_body() {
        parameters.push(json!({ "name": BODY_HASH_HEADER, "in": "header", "required": true, "schema": { "type": "string", "pattern": "^[0-9a-f]{64}$" } }));
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": request } } });
    } else {
        parameters.extend(query_parameters(request, components));
    }
    operation["parameters"] = Value::Array(parameters);
    operation
}

/// A GET's request travels in the query, field by field.
fn query_parameters(request: &schemars::Schema, components: &Map<String, Value>) -> Vec<Value> {
    let value = request.as_value();
    let name = value["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    let schema = name.and_then(|name| components.get(name)).unwrap_or(value);
    let fields = schema["properties"].as_object().cloned().unwrap_or_default();
    fields
        .into_iter()
        .map(|(name, schema)| json!({ "name": name, "in": "query", "required": false, "schema": schema }))
        .collect()
}
