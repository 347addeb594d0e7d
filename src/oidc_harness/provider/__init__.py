"""The endpoints: what clients do to us. Each is one file with `load`, `decide` and `refuse`.

`load` alone awaits and gathers facts; `decide` is pure and reads like its section, top to bottom; `refuse` tells an
error the way this endpoint tells errors.
"""
