"""The control API under `/_harness/v1`: one file per resource, a table of operations, and a document that matches."""
