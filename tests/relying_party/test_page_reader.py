"""What is read from a page: ids, links, and what each form would send."""

import pytest

from oidc_harness.relying_party.page import Page
from oidc_harness.relying_party.page_reader import read_page

URL = "http://op.example/realm/login?x=1"


def page(markup: str, content_type: str = "text/html; charset=utf-8") -> Page:
    return read_page(URL, 200, {"content-type": content_type}, markup)


FORM_CASES = [
    ("hidden", '<input type=hidden name=a value="1">', {}, [("a", "1")]),
    ("entities in values", '<input type=hidden name=a value="&lt;&amp;&quot;">', {}, [("a", '<&"')]),
    ("no name, never sent", '<input type=text id=a value="1">', {}, []),
    ("no value, sent empty", "<input name=a>", {}, [("a", "")]),
    ("filled by id", '<input id=user-field name=u value="old">', {"user-field": "new"}, [("u", "new")]),
    ("filled by name", '<input id=user-field name=u value="old">', {"u": "new"}, [("u", "new")]),
    ("disabled", '<input name=a value="1" disabled>', {}, []),
    ("check box, off", '<input type=checkbox name=a value="1">', {}, []),
    ("check box, on", '<input type=checkbox name=a value="1" checked>', {}, [("a", "1")]),
    ("check box without a value", "<input type=checkbox name=a checked>", {}, [("a", "on")]),
    ("check box ticked", '<input type=checkbox id=t name=a value="1">', {"t": "yes"}, [("a", "1")]),
    ("check box unticked", '<input type=checkbox id=t name=a value="1" checked>', {"t": ""}, []),
    (
        "radio buttons, the chosen one",
        '<input type=radio name=a value="1"><input type=radio name=a value="2" checked>',
        {},
        [("a", "2")],
    ),
    (
        "radio buttons, chosen by name and value",
        '<input type=radio name=a value="1"><input type=radio name=a value="2" checked>',
        {"a": "1"},
        [("a", "1")],
    ),
    ("text area", "<textarea name=a>\nline 1\nline 2</textarea>", {}, [("a", "line 1\nline 2")]),
    ("empty text area", "<textarea name=a></textarea>", {}, [("a", "")]),
    (
        "select, the selected one",
        "<select name=a><option value=1>one<option value=2 selected>two</select>",
        {},
        [("a", "2")],
    ),
    (
        "select, else the first",
        "<select name=a><option value=1>1<option value=2>2</select>",
        {},
        [("a", "1")],
    ),
    ("file", "<input type=file name=a>", {}, []),
    ("button nobody pressed", "<button name=a value=1>Go</button>", {}, []),
    ("order of the page", '<input name=b value="1"><input name=a value="2">', {}, [("b", "1"), ("a", "2")]),
]


@pytest.mark.parametrize(
    ("inside", "filled", "sent"), [case[1:] for case in FORM_CASES], ids=[case[0] for case in FORM_CASES]
)
def test_a_form_sends(inside: str, filled: dict[str, str], sent: list[tuple[str, str]]) -> None:
    (form,) = page(f"<form>{inside}</form>").forms
    assert form.pairs(filled) == sent


def test_only_the_pressed_button_is_sent() -> None:
    read = page(
        "<form><button id=yes name=answer value=yes>Yes</button><button id=no name=answer value=no>No</button></form>"
    )
    form, button = read.form_of("no")
    assert form.pairs({}, button) == [("answer", "no")]


def test_controls_outside_of_a_form_belong_to_the_form_they_name() -> None:
    read = page('<form id=f></form><input form=f name=a value="1"><button form=f id=go>Go</button>')
    form, button = read.form_of("go")
    assert form.pairs({}, button) == [("a", "1")]


@pytest.mark.parametrize(
    ("attribute", "action"),
    [
        ("", URL),
        ('action="consent"', "http://op.example/realm/consent"),
        ('action="/consent?a=1&amp;b=2"', "http://op.example/consent?a=1&b=2"),
        ('action="https://other.example/"', "https://other.example/"),
    ],
)
def test_the_action_of_a_form_is_absolute(attribute: str, action: str) -> None:
    (form,) = page(f"<form {attribute} method=post></form>").forms
    assert (form.action, form.method) == (action, "POST")


def test_a_base_element_moves_links_and_actions() -> None:
    read = page('<base href="http://cdn.example/x/"><a id=l href="y">y</a><form action="z"></form>')
    assert (read.link("l"), read.forms[0].action) == ("http://cdn.example/x/y", "http://cdn.example/x/z")


def test_the_action_of_a_button_goes_before_that_of_its_form() -> None:
    _, button = page('<form action="/a"><button id=b formaction="/b">B</button></form>').form_of("b")
    assert button.action == "http://op.example/b"


def test_the_text_of_an_element_has_no_markup() -> None:
    read = page('<main id="error-page"><p>Code:\n <code id="error-code">invalid&#95;request</code></p></main>')
    assert read.text_of("error-code") == "invalid_request"
    assert read.text_of("error-page") == "Code: invalid_request"
    assert read.text_of("login-page") == ""
    assert (read.has("error-page"), read.has("login-page")) == (True, False)


def test_unclosed_elements_do_not_swallow_the_page() -> None:
    read = page('<ul id=list><li id=first>one<li id=second>two</ul><p id=after>three<br id="void">')
    assert (read.text_of("list"), read.text_of("after")) == ("onetwo", "three")


@pytest.mark.parametrize(
    ("markup", "submits_itself"),
    [
        ('<form id="form-post" method="post" action="/cb"></form>', True),
        ('<body onload="document.forms[0].submit()"><form method="post"></form>', True),
        ("<form method=post></form><script>document.forms[0].submit()</script>", True),
        ("<form method=post id=login></form>", False),
        ('<form id="form-post"></form><form></form>', False),
        ("<form method=post></form><script>add(location.hash); document.forms[0].submit()</script>", False),
        ("<p>.submit(</p><form></form>", False),
        ('<body onload="document.forms[0].submit()">', False),
    ],
)
def test_form_post_pages_are_known(markup: str, submits_itself: bool) -> None:
    assert page(markup).submits_itself is submits_itself


def test_what_is_no_html_has_no_elements() -> None:
    read = page('{"markup": "<form id=form-post></form>"}', "application/json")
    assert (read.forms, read.texts, read.submits_itself) == ([], {}, False)


def test_a_missing_field_button_or_link_is_told_with_those_there_are() -> None:
    read = page('<form><input name=user><button id=go>Go</button></form><a id=home href="/">Home</a>')
    with pytest.raises(KeyError, match=r"no field 'name'.*'user'"):
        read.forms[0].pairs({"name": "x"})
    with pytest.raises(KeyError, match=r"no button 'stop'.*'go'"):
        read.form_of("stop")
    with pytest.raises(KeyError, match=r"no link 'away'.*'home'"):
        read.link("away")
