"""What people do: create, invite, block, sign in. Pages, control API, command line and fixtures are thin over these.

A service reads and writes through `Circumstances.records`; the caller's transaction makes it all or nothing.
"""
