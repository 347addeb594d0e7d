"""What is said about TLS on the command line, as settings."""

import argparse

from oidc_harness.cli.main import CannotGoOn
from oidc_harness.web.settings import OwnCertificate, SelfSigned, Tls, why_no_base_url


def tls_settings(arguments: argparse.Namespace) -> Tls | None:
    """How connections are secured. Raises `CannotGoOn` where what is said does not go together."""
    own = (arguments.tls_cert, arguments.tls_key)
    if any(own) and not all(own):
        raise CannotGoOn("--tls-cert and --tls-key go together: give a certificate and its key")
    if arguments.tls_self_signed:
        return _self_signed(arguments)
    if arguments.hostname is not None or arguments.tls_ca_out is not None:
        raise CannotGoOn("--hostname and --tls-ca-out say more about --tls-self-signed; give that too")
    return OwnCertificate(*own) if all(own) else None


def _self_signed(arguments: argparse.Namespace) -> SelfSigned:
    if arguments.tls_cert is not None:
        raise CannotGoOn("--tls-self-signed and --tls-cert are two certificates; give one of them")
    name: str | None = arguments.hostname
    if name is not None and not _is_host(name):
        raise CannotGoOn(f"--hostname {name!a}: expected the name of a host or its address, without scheme and port")
    return SelfSigned(name, arguments.tls_ca_out)


def _is_host(name: str) -> bool:
    bracketed = f"[{name}]" if ":" in name else name
    return "/" not in name and why_no_base_url(f"https://{bracketed}") is None
