"""What is said about TLS on the command line, as settings."""

import argparse

from oidc_harness.cli.main import CannotGoOn
from oidc_harness.web.settings import MutualTls, OwnCertificate, SelfSigned, Tls, why_no_base_url


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


def mutual_tls_settings(arguments: argparse.Namespace) -> MutualTls | None:
    """Where clients may present certificates. Raises `CannotGoOn` where what is said does not go together."""
    if arguments.mtls_by_proxy:
        return _by_proxy(arguments)
    if arguments.mtls_port is None:
        if arguments.mtls_url is not None or arguments.mtls_ca is not None:
            raise CannotGoOn("--mtls-url and --mtls-ca say more about --mtls-port; give that too, or --mtls-by-proxy")
        return None
    if not arguments.tls_self_signed and arguments.tls_cert is None:
        raise CannotGoOn("--mtls-port speaks TLS; give --tls-self-signed, or --tls-cert and --tls-key")
    if arguments.mtls_port == arguments.port != 0:
        raise CannotGoOn("--mtls-port is a port of its own; give another one than --port")
    return MutualTls(arguments.mtls_port, arguments.mtls_url, arguments.mtls_ca)


def _by_proxy(arguments: argparse.Namespace) -> MutualTls:
    if arguments.mtls_port is not None:
        raise CannotGoOn("--mtls-by-proxy and --mtls-port are two places for certificates; give one of them")
    if not arguments.trusted_proxy or arguments.mtls_url is None:
        raise CannotGoOn("--mtls-by-proxy needs --mtls-url, where clients find the proxy, and --trusted-proxy")
    return MutualTls(None, arguments.mtls_url, arguments.mtls_ca)


def _is_host(name: str) -> bool:
    bracketed = f"[{name}]" if ":" in name else name
    return "/" not in name and why_no_base_url(f"https://{bracketed}") is None
