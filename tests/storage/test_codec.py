"""Codec: what is written comes back equal; what does not fit is told with its place."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal

import pytest
from annotated_types import Ge, MaxLen
from hypothesis import given
from hypothesis import strategies as st

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.storage.codec import CodecError, decode, encode
from oidc_harness.storage.conformance.sample import record_kinds, sample


@dataclass(frozen=True, kw_only=True)
class Leaf:
    size: int = 0
    next: "Leaf | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One field of every storable type."""

    kind: ClassVar[str] = "tree"
    indexes: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    height: int = 0
    width: float = 0.0
    green: bool = False
    age: Annotated[int, Ge(0)] | Literal["unknown"] | None = None
    label: Annotated[str, MaxLen(2)] = ""
    season: Literal["spring", "autumn", 4, True] = "spring"
    words: tuple[str, ...] = ()
    pairs: tuple[tuple[str, int], ...] = ()
    leaf: Leaf = field(default_factory=Leaf)
    leaves: tuple[Leaf, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def members(**more: object) -> str:
    return json.dumps({"name": "oak", **more})


@pytest.mark.parametrize(
    "tree",
    [
        Tree(name=""),
        Tree(name='\x00 "quoted" \\ Grüße \U0001f511 \ud800'),
        Tree(name="oak", height=-(10**30), width=1.5, green=True),
        Tree(name="oak", width=3),
        Tree(name="oak", age=0),
        Tree(name="oak", age="unknown"),
        Tree(name="oak", age=-1, label="longer than its limit"),
        Tree(name="oak", season=4),
        Tree(name="oak", season=True),
        Tree(name="oak", words=("a", ""), pairs=(("a", 1), ("b", 2))),
        Tree(name="oak", leaf=Leaf(size=2, next=Leaf(next=Leaf()))),
        Tree(name="oak", leaves=(Leaf(), Leaf(size=1))),
        Tree(name="oak", notes={"": None, "deep": [{"deeper": [1, 2.5, "x", True, {}]}]}, counts={"a": 1}),
        Tree(name="oak", notes=MappingProxyType({"a": MappingProxyType({"b": 1})})),
    ],
)
def test_what_is_written_comes_back_equal(tree: Tree) -> None:
    text = encode(tree)
    assert text.isascii()
    again = decode(Tree, text)
    assert again == tree
    assert encode(again) == text
    for place in fields(Tree):
        assert type(getattr(again, place.name)) in (type(getattr(tree, place.name)), dict)


@pytest.mark.parametrize("kind", [*record_kinds(), RealmPolicy], ids=lambda kind: kind.__name__)
def test_every_class_of_the_model_comes_back_equal(kind: type[Any]) -> None:
    assert decode(kind, encode(sample(kind))) == sample(kind)


def test_kinds_tell_the_record_classes_apart() -> None:
    kinds = [kind.kind for kind in record_kinds()]
    assert len(kinds) == len(set(kinds)) > 0


def test_every_field_is_written_and_no_class_variable() -> None:
    written = json.loads(encode(Tree(name="oak")))
    assert list(written) == [place.name for place in fields(Tree)]


def test_an_absent_member_with_a_default_has_it() -> None:
    assert decode(Tree, members()) == Tree(name="oak")


@pytest.mark.parametrize(
    ("text", "place", "expected", "found"),
    [
        ("{}", "tree.name", "text", "nothing"),
        (members(name=None), "tree.name", "text", "null"),
        (members(name=1), "tree.name", "text", "an integer"),
        (members(height="1"), "tree.height", "an integer", "text"),
        (members(height=1.0), "tree.height", "an integer", "a number"),
        (members(height=True), "tree.height", "an integer", "a boolean"),
        (members(width="1"), "tree.width", "a finite number", "text"),
        (members(width=True), "tree.width", "a finite number", "a boolean"),
        (members(green=1), "tree.green", "a boolean", "an integer"),
        (members(green=None), "tree.green", "a boolean", "null"),
        (members(age="old"), "tree.age", "an integer or 'unknown' or null", "text"),
        (members(age=[]), "tree.age", "an integer or 'unknown' or null", "a list"),
        (members(season="winter"), "tree.season", "'spring' or 'autumn' or 4 or True", "text"),
        (members(season=1), "tree.season", "'spring' or 'autumn' or 4 or True", "an integer"),
        (members(season=4.0), "tree.season", "'spring' or 'autumn' or 4 or True", "a number"),
        (members(words="ab"), "tree.words", "a list of text", "text"),
        (members(words=["a", 1]), "tree.words[1]", "text", "an integer"),
        (members(pairs=[["a", 1], ["b"]]), "tree.pairs[1]", "a list of 2: text, an integer", "a list"),
        (members(pairs=[["a", 1, 2]]), "tree.pairs[0]", "a list of 2: text, an integer", "a list"),
        (members(pairs=[["a", "1"]]), "tree.pairs[0][1]", "an integer", "text"),
        (members(leaf=None), "tree.leaf", "an object", "null"),
        (members(leaf={"size": "s"}), "tree.leaf.size", "an integer", "text"),
        (members(leaf={"next": {"next": 1}}), "tree.leaf.next.next", "an object or null", "an integer"),
        (members(leaves=[{}, {"colour": 1}]), "tree.leaves[1].colour", "one of size, next", "a member"),
        (members(notes=[]), "tree.notes", "an object", "a list"),
        (members(counts={"a": 1, "b": None}), "tree.counts.b", "an integer", "null"),
        (members(colour="red"), "tree.colour", "one of name, height", "a member no field knows"),
        (members(kind="tree"), "tree.kind", "one of name, height", "a member no field knows"),
        ("[]", "tree", "an object", "a list"),
        ("null", "tree", "an object", "null"),
    ],
)
def test_a_member_that_does_not_fit_is_told(text: str, place: str, expected: str, found: str) -> None:
    with pytest.raises(CodecError) as told:
        decode(Tree, text)
    message = str(told.value)
    assert message.startswith(f"{place}: expected {expected}")
    assert f", found {found}" in message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"name": "oak"} {}',
        "{'name': 'oak'}",
        '{"name": "oak", "name": "elm"}',
        '{"name": "oak", "notes": {"a": {"b": 1, "b": 1}}}',
        '{"name": "oak", "width": NaN}',
        '{"name": "oak", "width": 1e999}',
        '{"name": "oak", "notes": {"a": -Infinity}}',
        '{"name": "oak", "notes": {"a": -1e999}}',
        '{"name": "oak", "height": ' + "9" * 5000 + "}",
        '{"name": "oak", "notes": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}}",
    ],
)
def test_a_text_that_is_no_strict_json_is_refused(text: str) -> None:
    with pytest.raises(CodecError, match="tree: expected strict JSON"):
        decode(Tree, text)


class Name(str):
    __slots__ = ()


LOOP: dict[str, Any] = {}
LOOP["again"] = LOOP


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"name": None}, "tree.name: expected text, found null"),
        ({"name": b"oak"}, "tree.name: expected text, found bytes"),
        ({"name": Name("oak")}, "tree.name: expected text, found Name"),
        ({"height": True}, "tree.height: expected an integer, found a boolean"),
        ({"height": 1.0}, "tree.height: expected an integer, found a number"),
        ({"width": float("nan")}, "tree.width: expected a finite number"),
        ({"width": float("inf")}, "tree.width: expected a finite number"),
        ({"season": "winter"}, "tree.season: expected 'spring'"),
        ({"season": 1}, "tree.season: expected 'spring'"),
        ({"words": ["a"]}, "tree.words: expected a tuple of text, found a list"),
        ({"words": ("a", 1)}, r"tree.words\[1\]: expected text"),
        ({"pairs": (("a",),)}, r"tree.pairs\[0\]: expected a list of 2"),
        ({"leaf": {"size": 1}}, "tree.leaf: expected Leaf, found an object"),
        ({"leaf": Leaf(size=Tree(name="x"))}, "tree.leaf.size: expected an integer, found Tree"),  # type: ignore[arg-type]
        ({"notes": []}, "tree.notes: expected an object, found a list"),
        ({"notes": {"a": (1,)}}, "tree.notes.a: expected a JSON value, found tuple"),
        ({"notes": {"a": [0, {1}]}}, r"tree.notes.a\[1\]: expected a JSON value, found set"),
        ({"notes": {"a": {1: 1}}}, "tree.notes.a: expected names that are text"),
        ({"notes": {"a": float("nan")}}, "tree.notes.a: expected a JSON value"),
        ({"notes": LOOP}, "tree: cannot be written as JSON"),
        ({"height": 10**5000}, "tree: cannot be written as JSON"),
        ({"name": "\ud83d\udd11"}, "tree: cannot be written as JSON"),
    ],
)
def test_a_value_that_would_not_come_back_is_not_written(values: dict[str, Any], place: str) -> None:
    with pytest.raises(CodecError, match=place):
        encode(Tree(**{"name": "oak", **values}))


@dataclass(frozen=True)
class Unstorable:
    names: frozenset[str] = frozenset()


def test_a_field_of_a_type_that_cannot_be_stored_is_told() -> None:
    message = r"Unstorable\.names: expected a type that can be stored, found the type hint frozenset\[str\]"
    with pytest.raises(CodecError, match=message):
        encode(Unstorable())
    with pytest.raises(CodecError, match=message):
        decode(Unstorable, "{}")


def test_an_error_tells_no_secret() -> None:
    user = User(id="u", username="u", email="u@example.com", test_password=Name("hunter2"))
    with pytest.raises(CodecError) as written:
        encode(user)
    with pytest.raises(CodecError) as read:
        decode(User, json.dumps({"id": ["hunter2"], "username": "u", "email": "u@example.com"}))
    assert "hunter2" not in f"{written.value} {read.value}"


def test_the_codec_loads_no_heavy_library() -> None:
    program = "import sys, oidc_harness.storage.codec; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert "oidc_harness.storage.codec" in loaded.stdout.split()
    assert {"pydantic", "sqlite3", "pytest"}.isdisjoint(loaded.stdout.split())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part, max_size=3),
    max_leaves=8,
)
LEAVES = st.recursive(st.builds(Leaf, size=st.integers()), lambda part: st.builds(Leaf, next=part), max_leaves=4)
TREES = st.builds(
    Tree,
    name=st.text(),
    height=st.integers(),
    width=st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    green=st.booleans(),
    age=st.none() | st.just("unknown") | st.integers(),
    season=st.sampled_from(["spring", "autumn", 4, True]),
    words=st.lists(st.text()).map(tuple),
    pairs=st.lists(st.tuples(st.text(), st.integers())).map(tuple),
    leaf=LEAVES,
    leaves=st.lists(LEAVES, max_size=3).map(tuple),
    notes=st.dictionaries(st.text(), JSON, max_size=3),
    counts=st.dictionaries(st.text(), st.integers()),
)


@given(tree=TREES)
def test_any_tree_comes_back_equal(tree: Tree) -> None:
    assert decode(Tree, encode(tree)) == tree


@given(value=JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        tree = decode(Tree, json.dumps(value))
    except CodecError:
        return
    assert isinstance(tree, Tree)


@given(tree=TREES, place=st.sampled_from([place.name for place in fields(Tree)]), value=JSON)
def test_any_member_is_read_as_it_stands_or_refused(tree: Tree, place: str, value: object) -> None:
    changed = {**json.loads(encode(tree)), place: value}
    try:
        again = decode(Tree, json.dumps(changed))
    except CodecError:
        return
    assert json.loads(encode(again))[place] == value or place in ("leaf", "leaves")
