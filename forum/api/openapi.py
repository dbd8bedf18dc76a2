"""The description of the API, made from its addresses and models."""

import re
from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from forum.api.shapes import Problem
from forum.web import canonical

PARAMETERS = {  # of an address, by the name of its converter
    "slug": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    "id": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
}
WORDS = re.compile(r"<(\w+):(\w+)>")
ABOUT = "What everybody can read in this forum, as data. Moments are told to the day. It only reads, and needs no key."


def description(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document: every address of the API with what it takes and gives; `given` by the name of its door."""
    rules = {rule.endpoint: rule for rule in current_app.url_map.iter_rules()}
    described: list[tuple[Rule, Any]] = [(rules[f"api.{name}"], view) for name, view in given.items()]
    answers: list[type[BaseModel]] = [view.answer for _rule, view in described]
    models = [(model, "serialization") for model in [*answers, Problem]]
    asked = [(view.asked, "validation") for _rule, view in described if view.asked]
    names, schemas = models_json_schema([*models, *asked], ref_template="#/components/schemas/{model}")  # type: ignore[list-item]
    paths = {_path(rule): {"get": _get(rule, view, names)} for rule, view in described}
    paths[url_for("api.openapi")] = {"get": _itself()}
    kept = {name: schema for name, schema in schemas["$defs"].items() if not name.endswith("Asked")}
    return {
        "openapi": "3.1.0",
        "info": {"title": current_app.config["SITE_NAME"], "version": "1", "description": ABOUT},
        "servers": [{"url": canonical("/").removesuffix("/")}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(kept.items()))},
    }


def _path(rule: Rule) -> str:
    return WORDS.sub(r"{\2}", rule.rule)


def _get(rule: Rule, view: Any, names: Any) -> dict[str, Any]:
    found = {"description": "Found.", "content": _json(names[view.answer, "serialization"])}
    answers = {"200": found}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": PARAMETERS[kind]}
        for kind, name in WORDS.findall(rule.rule)
    ]
    if parameters:
        answers["404"] = _problem("Not public, or not there.")
    if view.asked:
        answers |= {"422": _problem("A parameter cannot be used."), "409": _problem("The walk has to begin anew.")}
        parameters += _asked(view.asked)
    return {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": view.__doc__,
        "parameters": parameters,
        "responses": answers,
    }


def _asked(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema()
    return [
        {"name": name, "in": "query", "description": field.pop("description"), "schema": _given(field, schema)}
        for name, field in schema["properties"].items()
    ]


def _given(field: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter where it is given: it may be left out, but it is never null."""
    options = [option for option in field.get("anyOf", [field]) if option != {"type": "null"}]
    (found,) = options
    name = found.get("$ref", "").rpartition("/")[2]
    return schema["$defs"][name] if name else {key: value for key, value in found.items() if key != "title"}


def _itself() -> dict[str, Any]:
    found = {"description": "This document.", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"operationId": "openapi", "summary": "Give this description.", "responses": {"200": found}}


def _problem(when: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": when, "content": {"application/problem+json": {"schema": schema}}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
