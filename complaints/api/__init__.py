"""The desk for programs, under /api/v1/: figures, complaints, departments, accounts as JSON. Nothing here writes but to
the access record and the last use of a key (docs/api.md)."""
