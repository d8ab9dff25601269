"""The OpenAPI document: every operation, with its questions as people read them."""

from functools import cached_property
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from kittiwake.api.answers import ProblemNow
from kittiwake.api.bodies import (
    YEAR,
    body_of,
    is_required,
    references,
    takes_not_known,
    uid_pattern,
)
from kittiwake.api.kinds import kinds
from kittiwake.api.problems import KINDS
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.questions import Option

REF = "#/components/schemas/{model}"
READING = (400, 401, 403, 404, 406, 422, 429, 500, 503)
SENDING = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503)


class Questions(GenerateJsonSchema):
    """JSON Schema as our bodies are read: options with their words, and what may not be blank."""

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """A closed list, each option with the words people read."""
        made = super().enum_schema(schema)
        if issubclass(schema["cls"], Option):
            del made["enum"]
            made["oneOf"] = [{"const": one.value, "title": one.words} for one in schema["cls"]]
        return made

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text: more than blanks, where it may not be empty."""
        made = super().str_schema(schema)
        if schema.get("strip_whitespace") and schema.get("min_length"):
            made["pattern"] = r"\S"
        return made

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        """A day in the years we keep."""
        return super().date_schema(schema) | {"pattern": YEAR}

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        """An instant in the years we keep."""
        return super().datetime_schema(schema) | {"pattern": YEAR}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """A block of questions; of an entry, also which of them have to be answered."""
        made = super().model_schema(schema)
        cls = schema["cls"]
        if issubclass(cls, Entry) and "properties" in made:
            _as_sent(cls, made)
        return made


def _as_sent(cls: type[Entry], made: JsonSchemaValue) -> None:
    properties = made["properties"]
    properties.pop("happened_at", None)  # beside the entry, not in it
    made["required"] = [asked.name for asked in cls.questions() if is_required(cls, asked)]
    for asked in cls.questions():
        one = properties[asked.name]
        one.pop("default", None)
        one["title"] = asked.text
        if asked.name in references(cls):
            texts = [one, *one.get("anyOf", ())]
            for text in texts:
                if text.get("type") == "string":
                    text["pattern"] = uid_pattern(asked.name)
        if asked.name in made["required"] and "anyOf" in one:
            one["anyOf"] = [
                part
                for part in one["anyOf"]
                if part.get("type") != "null"
                and (takes_not_known(cls, asked) or "NotKnown" not in part.get("$ref", ""))
            ]
    if not made["required"]:
        del made["required"]


class Api(NinjaAPI):
    """The API with its whole document: bodies of every kind, and problems of every operation."""

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The OpenAPI 3.1 document; made once, for it changes only with the code."""
        return self._document

    @cached_property
    def _document(self) -> OpenAPISchema:
        document = super().get_openapi_schema(path_prefix="api/v1")
        sent, definitions = models_json_schema(
            [(body_of(cls), "validation") for cls in kinds()],
            ref_template=REF,
            schema_generator=Questions,
        )
        schemas = document["components"]["schemas"]
        schemas |= definitions["$defs"]
        schemas["Problem"] = ProblemNow.model_json_schema(ref_template=REF)
        schemas |= schemas["Problem"].pop("$defs")
        for cls in kinds():
            operation = document["paths"][f"/api/v1/entries/{cls.kind}"]["post"]
            schema = sent[body_of(cls), "validation"]
            operation["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": schema}},
            }
        for methods in document["paths"].values():
            for method, operation in methods.items():
                operation["responses"] |= _problems(SENDING if method == "post" else READING)
        return document


def _problems(statuses: tuple[int, ...]) -> dict[int, Any]:
    content = {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}}
    return {
        status: {
            "description": " · ".join(title for one, title in KINDS.values() if one == status),
            "content": content,
        }
        for status in statuses
    }
