"""The model of matching, trained with Splink on invented people; for those who develop Kittiwake.

Splink compares by the same functions as the live search, so that both mean the same by a level.
"""

import json
from pathlib import Path
from random import Random
from typing import Annotated, Any

import typer

from kittiwake.cli.acting import CANNOT, say, stop
from kittiwake.cli.bench.population import Someone, asked_for, people
from kittiwake.people import comparing as c
from kittiwake.people import scoring
from kittiwake.people.finding import as_number
from kittiwake.people.names import name_key

app = typer.Typer(help="The model of who may be whom.", no_args_is_help=True)
LEVELS = {"given": c.NAME_LEVELS, "family": c.NAME_LEVELS, "born": c.BORN_LEVELS,
          "home": c.HOME_LEVELS}  # fmt: skip
MODEL = Path(scoring.__file__).with_name("matching-model.json")
LEAST = 0.0005
"""No level is so rare among true pairs that it cannot happen."""


@app.callback()
def _matching() -> None:
    """The model of who may be whom."""


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="Where the model is written.")] = MODEL,
    many: Annotated[int, typer.Option(help="So many invented people.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Which invented people.")] = 3,
) -> None:
    """Train the model: how often the same person agrees at each level, by Splink."""
    try:
        learned = learn(many, seed)
    except ImportError:
        raise stop("Splink is not installed: it is in requirements-test.txt.", CANNOT) from None
    model = json.loads(MODEL.read_text())
    model |= {"version": f"1-{many}-{seed}", "trained_on": f"{many} invented people, seed {seed}"}
    model |= {what: [round(max(m, LEAST), 5) for m in ms] for what, ms in learned.items()}
    lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in model.items())
    out.write_text(f"{{\n{lines}\n}}\n")
    say(f"Written to {out}.")


def learn(many: int, seed: int) -> dict[str, list[float]]:
    """m for each level, from people as they are and as they are said to be."""
    random = Random(seed)
    on_file = [s for s in people(many, seed) if s.born]
    records = [_record(f"p{n}", n, s) for n, s in enumerate(on_file)]
    asked = [_record(f"a{n}", n, asked_for(s, random)) for n, s in enumerate(on_file)]
    linker = linker_of(records, asked, {w: [1 / len(n)] * len(n) for w, n in LEVELS.items()})
    linker.training.estimate_m_from_label_column("person")
    trained = linker.misc.save_model_to_json()
    return {
        comparison["output_column_name"]: _ms(comparison["comparison_levels"])
        for comparison in trained["comparisons"]
    }


def _ms(levels: list[dict[str, Any]]) -> list[float]:
    return [float(lv.get("m_probability") or 0) for lv in levels if not lv.get("is_null_level")]


def _record(id_: str, person: int, s: Someone) -> dict[str, Any]:
    born = as_number(s.born) or s.year * 10000
    return {
        "unique_id": id_, "person": person, "given": name_key(s.given) or None,
        "family": name_key(s.family) or None, "born": born or None,
        "home": s.postcode.replace(" ", "").upper() or None,
    }  # fmt: skip


def linker_of(
    on_file: list[dict[str, Any]],
    asked: list[dict[str, Any]],
    u: dict[str, list[float]],
    m: dict[str, list[float]] | None = None,
    prior: float = 0.0001,
) -> Any:
    """A Splink linker over records on file (left) and records asked for, by our own levels."""
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator

    link = duckdb.connect()
    functions = (
        ("name_at", c.name_level, "VARCHAR"),
        ("born_at", c.born_level, "BIGINT"),
        ("home_at", _home_level, "VARCHAR"),
    )
    for name, how, kind in functions:
        link.create_function(name, how, [kind, kind], "BIGINT")
    for table, records in (("a_on_file", on_file), ("b_asked", asked)):
        link.execute(f"CREATE TABLE {table} (unique_id VARCHAR, person BIGINT, given VARCHAR,"
                     " family VARCHAR, born BIGINT, home VARCHAR)")  # fmt: skip
        link.executemany(
            f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)", [list(r.values()) for r in records]
        )
    api = DuckDBAPI(link)
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[{"blocking_rule": "1 = 1"}],
        comparisons=[_comparison(what, u[what], m[what] if m else None) for what in LEVELS],
        probability_two_random_records_match=prior,
    )
    tables = [api.register(t, dataset_display_name=t) for t in ("a_on_file", "b_asked")]
    return Linker(tables, settings, log_level=40)


def _comparison(what: str, u: list[float], m: list[float] | None) -> Any:
    function = {"given": "name_at", "family": "name_at", "born": "born_at", "home": "home_at"}[what]
    levels: list[dict[str, Any]] = [
        {"sql_condition": f"{what}_l IS NULL OR {what}_r IS NULL", "is_null_level": True,
         "label_for_charts": "not said"}
    ]  # fmt: skip
    for n, label in enumerate(LEVELS[what]):
        is_last = n == len(LEVELS[what]) - 1
        said = "ELSE" if is_last else f"{function}({what}_r, {what}_l) = {n}"
        level = {"sql_condition": said, "label_for_charts": label, "u_probability": u[n],
                 "fix_u_probability": True}  # fmt: skip
        levels.append(level | ({"m_probability": m[n]} if m else {}))
    return {"output_column_name": what, "comparison_levels": levels}


def _home_level(asked: str, held: str) -> int:
    near = c.near_postcodes(asked)
    return c.SAME_HOME if asked == held else c.NEAR_HOME if held in near else c.OTHER_HOME
