"""What a value of `oidc-harness serve` must be is told before anything starts."""

import pytest

from oidc_harness.cli.main import main
from oidc_harness.web.settings import why_no_base_url

NO_BASE_URLS = [
    *("", "/", "idp.example", "idp.example:9400", "//idp.example", "http:", "http://", "http:///oidc", "http://:9400"),
    *("javascript:alert(1)", "ftp://idp.example", "file:///etc/passwd", "HTTP://idp.example", "http:idp.example"),
    *("http://idp.example?a=b", "http://idp.example?", "http://idp.example#top", "http://idp.example/#"),
    *("http://user@idp.example", "http://user:word@idp.example", "http://[::1", "http://::1", "http://[:::]"),
    *("http://idp.example:", "http://idp.example:0", "http://idp.example:65536", "http://idp.example:http"),
    *("http://idp.example/", "http://idp.example/oidc/", "http://idp.example//oidc", "http://idp.example/a;b"),
    *("http://idp.example\n", "http://idp.example/\r\nX: y", " http://idp.example", "http://idp .example"),
    *("http://idp.example/é", "http://bücher.example", "http://idp.example\\@evil.example"),
]
EMPTY_TOKENS, NO_TOKENS = ["", " ", "\t\n"], [" mine", "mine ", "line\n", "two\nlines", "\x1b"]
BAD_VALUES = [
    *(("--public-url", url, "expected http(s)://host[:port][/path]") for url in NO_BASE_URLS),
    *(
        ("--trusted-proxy", text, "expected an address or a network")
        for text in ("", "proxy", "10.0.0.1/8", "10.0.0.0/33")
    ),
    *(("--trusted-proxy", text, "is everybody") for text in ("0.0.0.0/0", "::/0")),
    ("--internal-url", "http://[::1", "expected http(s)://host[:port][/path]"),
    *(("--admin-token", token, "is empty") for token in EMPTY_TOKENS),
    *(("--admin-token", token, "could not be sent in a header") for token in NO_TOKENS),
]

NOT_TOGETHER = [
    (("--tls-cert", "cert.pem"), "--tls-cert and --tls-key go together"),
    (("--tls-key", "key.pem"), "--tls-cert and --tls-key go together"),
    (("--tls-self-signed", "--tls-cert", "cert.pem", "--tls-key", "key.pem"), "give one of them"),
    (("--hostname", "idp.test"), "say more about --tls-self-signed"),
    (("--tls-ca-out", "ca.pem"), "say more about --tls-self-signed"),
    (("--tls-self-signed", "--hostname", "https://idp.test"), "--hostname 'https://idp.test': expected the name"),
    (("--tls-self-signed", "--hostname", "idp.test:9400"), "without scheme and port"),
    (("--tls-self-signed", "--public-url", "http://idp.test"), "TLS: http://idp.test begins with http:"),
    (("--mtls-url", "https://mtls.test"), "say more about --mtls-port"),
    (("--mtls-ca", "ca.pem"), "say more about --mtls-port"),
    (("--mtls-port", "0"), "--mtls-port speaks TLS; give --tls-self-signed"),
    (("--mtls-by-proxy", "--mtls-url", "https://mtls.test"), "--mtls-by-proxy needs --mtls-url"),
    (("--mtls-by-proxy", "--trusted-proxy", "127.0.0.1"), "--mtls-by-proxy needs --mtls-url"),
    (("--mtls-by-proxy", "--mtls-port", "0"), "two places for certificates"),
    (("--tls-self-signed", "--port", "9443", "--mtls-port", "9443"), "--mtls-port is a port of its own"),
    (("--tls-self-signed", "--mtls-port", "0", "--mtls-ca", "/no/ca.pem"), "TLS: /no/ca.pem: expected PEM"),
    (("--tls-self-signed", "--mtls-port", "0", "--mtls-url", "http://mtls.test"), "begins with http:"),
    (("--tls-cert", "/no/cert.pem", "--tls-key", "/no/key.pem"), "TLS: /no/cert.pem and /no/key.pem: expected a PEM"),
]


@pytest.mark.parametrize(("options", "message"), NOT_TOGETHER)
def test_what_is_said_of_tls_goes_together(
    options: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *options]) == 2
    assert message in (told := capsys.readouterr().err)
    assert told.startswith("oidc-harness serve: ")


@pytest.mark.parametrize(("option", "value", "message"), BAD_VALUES)
def test_a_bad_value_is_told(option: str, value: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", option, value])
    assert ended.value.code == 2
    assert f"error: argument {option}: " in (told := capsys.readouterr().err)
    assert message in told


BASE_URLS = [
    *("http://idp", "https://idp.example", "http://idp.example:9400", "http://my_provider:1", "http://127.0.0.1:65535"),
    *("http://[::1]", "http://[::1]:9400", "https://idp.example/oidc", "https://idp.example/a/b-c~d_e.f/%C3%A9"),
]


@pytest.mark.parametrize("url", BASE_URLS)
def test_a_base_url(url: str) -> None:
    assert why_no_base_url(url) is None
