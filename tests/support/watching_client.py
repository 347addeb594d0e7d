"""A client whose pages watch the session: a frame of its own asks the provider's (OIDC Session Management 3.1)."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from oidc_harness.relying_party.serving import listen, serving

ICON = '<link rel="icon" href="data:,">'
ARRIVED = f'<!doctype html><html lang="en"><head>{ICON}<title>Client</title></head><body id="arrived"></body></html>'
# The client's frame is opened when the provider's has loaded, so that nothing is asked too early.
WATCH = """<!doctype html><html lang="en"><head>{icon}<title>Watching</title></head><body>
<iframe id="op" src="{frame}" hidden></iframe>
<script>
document.getElementById("op").onload = function () {{
  var own = document.createElement("iframe");
  own.src = "/ask";
  own.hidden = true;
  document.body.appendChild(own);
}};
</script></body></html>"""
ASK = """<!doctype html><html lang="en"><head><title>Asking</title></head><body><script>
var messages = {messages}, provider = "{provider}", answers = [];
function ask() {{
  window.parent.document.getElementById("op").contentWindow.postMessage(messages[answers.length], provider);
}}
window.addEventListener("message", function (event) {{
  if (event.origin !== provider) {{ return; }}
  answers.push("answer=" + encodeURIComponent(event.data));
  if (answers.length < messages.length) {{ ask(); return; }}
  window.parent.location.href = "/told?" + answers.join("&");
}}, false);
ask();
</script></body></html>"""


@dataclass
class WatchingClient:
    """Its addresses, what it was told at its redirect URI, and what it is going to ask."""

    url: str = ""
    responses: list[dict[str, str]] = field(default_factory=list)
    frame: str = ""
    """The provider's `check_session_iframe`."""
    messages: Sequence[object] = ()
    answers: list[str] = field(default_factory=list)

    @property
    def redirect_uri(self) -> str:
        return f"{self.url}/callback"

    def request(self, issuer: str, client_id: str, **more: str) -> str:
        """The address that begins a sign-in."""
        usual = {"client_id": client_id, "response_type": "code", "scope": "openid", "redirect_uri": self.redirect_uri}
        return f"{issuer}/authorize?{urlencode({**usual, **more})}"

    def watch(self, frame: str, *messages: object) -> str:
        """The address of the page that sends these messages to the frame, one after the other."""
        self.frame, self.messages, self.answers = frame, messages, []
        return f"{self.url}/watch"

    async def called_back(self, request: web.Request) -> web.Response:
        pairs = parse_qsl(await request.text()) if request.method == "POST" else request.query.items()
        self.responses.append(dict(pairs))
        return _html(ARRIVED)

    async def show_watch(self, _: web.Request) -> web.Response:
        return _html(WATCH.format(icon=ICON, frame=self.frame))

    async def show_ask(self, _: web.Request) -> web.Response:
        provider = "/".join(self.frame.split("/")[:3])
        return _html(ASK.format(messages=json.dumps(self.messages), provider=provider))

    async def hear(self, request: web.Request) -> web.Response:
        self.answers = request.query.getall("answer")
        return _html(ARRIVED)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


@asynccontextmanager
async def watching_client(host: str = "127.0.0.1") -> AsyncIterator[WatchingClient]:
    """Serve one under this host for as long as the context lasts."""
    client = WatchingClient()
    application = web.Application()
    application.router.add_route("*", "/callback", client.called_back)
    for path, handler in (("/watch", client.show_watch), ("/ask", client.show_ask), ("/told", client.hear)):
        application.router.add_get(path, handler)
    async with serving(application, listen()) as url:
        client.url = url.replace("127.0.0.1", host)
        yield client
