"""The index of the search documents: a GIN over the tokens in PostgreSQL, an FTS5 table over the same in SQLite."""

from __future__ import annotations

from typing import Any

from django.db import migrations

#: Dear on purpose: the planner asks the index instead of cutting up the tokens of row after row. Not for
#: parallel plans: to start the helpers takes longer than the whole answer.
FUNCTION = """CREATE FUNCTION search_tokens(text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
    BEGIN RETURN string_to_array($1, ' '); END $$"""
#: A short list of pending entries: it is read through at every search.
GIN = """CREATE INDEX complaints_searchdoc_tokens ON complaints_searchdoc
    USING gin (search_tokens(tokens)) WITH (gin_pending_list_limit = 1024)"""

#: Only blanks part tokens: every other character is one of a token.
FTS5 = """CREATE VIRTUAL TABLE complaints_searchtokens USING fts5(tokens, content='complaints_searchdoc',
    content_rowid='id', detail='none', columnsize=0,
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'")"""
_ADD = "INSERT INTO complaints_searchtokens(rowid, tokens) VALUES (new.id, new.tokens);"
_DROP = (
    "INSERT INTO complaints_searchtokens(complaints_searchtokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
)
TRIGGERS = {
    "complaints_searchdoc_added": f"AFTER INSERT ON complaints_searchdoc BEGIN {_ADD} END",
    "complaints_searchdoc_dropped": f"AFTER DELETE ON complaints_searchdoc BEGIN {_DROP} END",
    "complaints_searchdoc_changed": f"AFTER UPDATE OF tokens ON complaints_searchdoc BEGIN {_DROP} {_ADD} END",
}


def install(apps: Any, schema_editor: Any) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    triggers = [f"CREATE TRIGGER {name} {what}" for name, what in TRIGGERS.items()]
    for statement in [FUNCTION, GIN] if postgresql else [FTS5, *triggers]:
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS complaints_searchdoc_tokens", params=None)
        schema_editor.execute("DROP FUNCTION IF EXISTS search_tokens(text)", params=None)
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
    schema_editor.execute("DROP TABLE IF EXISTS complaints_searchtokens", params=None)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_append_only")]
    operations = [migrations.RunPython(install, remove)]
