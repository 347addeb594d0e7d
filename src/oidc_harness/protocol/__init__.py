"""The rules and documents of OAuth 2.0 and OpenID Connect, in pure functions.

One topic, one file; each names its section. Facts in, values or an `OAuthError` out; no I/O, no clock, no storage.
"""
