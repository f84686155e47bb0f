"""Demands as arrays, and the measures on them against plain Python sets."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolegraph import demands as dm
from rolegraph import similarity as sim
from rolegraph.demands import BENEFICIAL, ESSENTIAL, NOT_STATED, RECOMMENDED, Demands, Link
from rolegraph.errors import DataError, NotFoundError, RoleGraphError
from rolegraph.resources import ontology_path
from rolegraph.store import OxigraphStore, graph_name

NAN = math.nan
DIRECTED = ("overlap", "overlap-idf", "overlap-level", "essential", "held-essential")
SYMMETRIC = ("cosine", "jaccard", "activities")

# --- made-up demands

links = st.lists(
    st.builds(
        Link,
        st.sampled_from([f"ex:role{i}" for i in range(6)]),
        st.sampled_from([f"ex:skill{i}" for i in range(7)]),
        st.sampled_from([NOT_STATED, ESSENTIAL, ESSENTIAL, RECOMMENDED, BENEFICIAL]),
        st.sampled_from([NAN, 0.0, 1.0, 2.0, 3.5]),
        st.sampled_from([NAN, 2.5]),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=40,
)


def by_role(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from([f"ex:role{i}" for i in range(6)]), values)


some_demands = st.builds(
    dm.collect,
    links,
    group=by_role(st.sampled_from(["1111", "1112", "1121", "12"])),
    broadest=by_role(st.sampled_from(["ex:role0", "ex:role9"])),
    zone=by_role(st.integers(1, 5)),
    activities=st.dictionaries(
        st.sampled_from([f"ex:skill{i}" for i in range(7)]),
        st.sets(st.sampled_from(["S1.1", "S1.2", "S2.1"])),
    ),
)
many = settings(max_examples=50, deadline=None)  # up to 36 pairs by nine measures each


# --- the oracle: sets and loops


class Plain:
    """The measures, as slowly and plainly as can be."""

    def __init__(self, d: Demands) -> None:
        self.n = len(d.roles)
        self.all: list[dict[int, float]] = [{} for _ in d.roles]
        self.essential: list[set[int]] = [set() for _ in d.roles]
        for r, s, strength, level, rating in zip(
            *(a.tolist() for a in (d.role, d.skill, d.strength, d.level, d.rating)), strict=True
        ):
            if not rating:
                self.all[r][s] = level
                if strength == ESSENTIAL:
                    self.essential[r].add(s)
        self.profile = [[0] * len(d.activities) for _ in d.roles]
        kinds: dict[int, list[int]] = {}
        for s, code in d.activity.tolist():
            kinds.setdefault(s, []).append(code)
        for r, skills in enumerate(self.essential):
            for s in skills:
                for code in kinds.get(s, ()):
                    self.profile[r][code] += 1

    def of(self, measure: str, a: int, b: int) -> float:
        have, want = set(self.all[a]), set(self.all[b])
        match measure:
            case "overlap":
                return len(have & want) / len(want) if want else 0.0
            case "overlap-idf":
                return self._idf(have & want) / self._idf(want) if want else 0.0
            case "overlap-level":
                return sum(self._credit(a, b, s) for s in have & want) / len(want) if want else 0.0
            case "essential":
                want = self.essential[b]
                return len(self.essential[a] & want) / len(want) if want else 0.0
            case "held-essential":
                want = self.essential[b]
                return len(have & want) / len(want) if want else 0.0
            case "cosine":
                shared = len(have & want)
                return shared / math.sqrt(len(have) * len(want)) if shared else 0.0
            case "jaccard":
                return len(have & want) / len(have | want) if have | want else 0.0
            case "activities":
                return self._activities(a, b)
        known = [
            self.of(part, a, b)
            for part in ("essential", "held-essential", "activities")
            if self.known(part, a, b)
        ]
        return sum(known) / len(known) if known else 0.0

    def known(self, part: str, a: int, b: int) -> bool:
        if part == "activities":
            return any(self.profile[a]) and any(self.profile[b])
        source = self.essential[a] if part == "essential" else self.all[a]
        return bool(source) and bool(self.essential[b])

    def _idf(self, skills: set[int]) -> float:
        n = sum(1 for asked in self.all if asked)
        return sum(math.log(1 + n / sum(1 for asked in self.all if s in asked)) for s in skills)

    def _credit(self, a: int, b: int, s: int) -> float:
        held, asked = self.all[a][s], self.all[b][s]
        if math.isnan(held) or math.isnan(asked) or asked == 0:
            return 1.0
        return min(held / asked, 1.0)

    def _activities(self, a: int, b: int) -> float:
        if not self.known("activities", a, b):
            return 0.0
        u, v = (np.array(self.profile[i]) / math.hypot(*self.profile[i]) for i in (a, b))
        return 1 - float(np.linalg.norm(u - v)) / math.sqrt(2)


def dense(d: Demands, measure: str) -> Any:
    found = sim.matrix(d, measure)
    return found.toarray() if hasattr(found, "toarray") else found


def bearable(d: Demands) -> list[str]:
    """Measures that the demands bear."""
    return [m for m in sim.measures() if m != "combined" or sim.components(d).used]


@settings(max_examples=120, deadline=None)
@given(some_demands)
def test_every_measure_is_what_plain_sets_give(d: Demands) -> None:
    plain = Plain(d)
    for measure in bearable(d):
        expected = [[plain.of(measure, a, b) for b in range(plain.n)] for a in range(plain.n)]
        got = dense(d, measure)
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, np.reshape(expected, got.shape), atol=3e-7, err_msg=measure)


@many
@given(some_demands)
def test_range_identity_symmetry_and_order(d: Demands) -> None:
    for measure in bearable(d):
        got = dense(d, measure)
        assert ((got >= 0) & (got <= 1)).all()
        own = got.diagonal()
        assert set(own.tolist()) <= {0.0, 1.0}, measure
        if measure in SYMMETRIC:
            assert (got == got.T).all(), measure
    asks = [bool(asked) for asked in Plain(d).all]
    assert dense(d, "overlap").diagonal().tolist() == [float(a) for a in asks]
    assert (dense(d, "overlap-level") <= dense(d, "overlap")).all()
    assert (dense(d, "essential") <= dense(d, "held-essential")).all()


@many
@given(some_demands, st.integers(1, 8), st.sampled_from([None, 0, 1, 2]))
def test_top_k_is_the_head_of_a_full_sort(d: Demands, k: int, apart: int | None) -> None:
    n = len(d.roles)
    for measure in bearable(d):
        got = dense(d, measure)
        target, value = sim.top_k(d, measure, k, zones_apart=apart)
        assert target.shape == value.shape == (n, min(k, max(n - 1, 0)))
        assert target.dtype == np.int32
        assert value.dtype == np.float32
        for a in range(n):
            near = [b for b in range(n) if b != a and got[a, b] > 0 and not far(d, a, b, apart)]
            best = sorted(near, key=lambda b: (-got[a, b], b))[:k]
            fill = [-1] * (target.shape[1] - len(best))
            assert target[a].tolist() == best + fill
            assert value[a].tolist() == [got[a, b] for b in best] + [0.0] * len(fill)
        some = list(range(n))[::-2]
        again = sim.top_k(d, measure, k, zones_apart=apart, rows=some)
        assert (again.target == target[some]).all()
        assert (again.value == value[some]).all()


def far(d: Demands, a: int, b: int, apart: int | None) -> bool:
    x, y = d.zone[a], d.zone[b]
    return apart is not None and x is not None and y is not None and abs(x - y) > apart


@many
@given(some_demands, st.sampled_from([0.01, 0.3, 0.5, 1.0]), st.sampled_from([None, 1, 2]))
def test_suggestions_are_the_pairs_from_the_threshold_on(
    d: Demands, threshold: float, k: int | None
) -> None:
    n = len(d.roles)
    for measure in bearable(d):
        got = dense(d, measure)
        found = sim.suggest(d, measure, threshold=threshold, k=k, zones_apart=1)
        expected = []
        for a in range(n):
            row = [
                (-got[a, b], b)
                for b in range(n)
                if b != a and got[a, b] >= np.float32(threshold) and not far(d, a, b, 1)
            ]
            expected += [(a, b, -v) for v, b in sorted(row)[:k]]
        rows = zip(found.source.tolist(), found.target.tolist(), found.value.tolist(), strict=True)
        assert list(rows) == expected
        assert len(found) == len(expected)


def test_a_value_equal_to_the_threshold_is_taken() -> None:
    ten = [Link("ex:b", f"ex:{i}") for i in range(10)]
    d = dm.collect([*ten, *(Link("ex:a", f"ex:{i}") for i in range(7))])
    for threshold in (0.7, 1e-60):  # float32 has neither
        found = sim.suggest(d, "overlap", threshold=threshold)
        assert found.source.tolist() == [0, 1]
    assert sim.suggest(d, "overlap", threshold=0.701).source.tolist() == [1]


@many
@given(some_demands, st.data())
def test_a_pair_is_explained_by_its_shares(d: Demands, data: st.DataObject) -> None:
    if not d.roles:
        return
    plain = Plain(d)
    a, b = (data.draw(st.integers(0, len(d.roles) - 1)) for _ in range(2))
    for measure in bearable(d):
        p = sim.pair(d, measure, d.roles[a], d.roles[b])
        assert p.value == dense(d, measure)[a, b]
        assert all(x.credit == 0 for x in p.missing)
        if measure in DIRECTED:
            weight = sum(x.weight for x in (*p.shared, *p.missing))
            there = sum(x.weight * x.credit for x in p.shared)
            assert p.value == pytest.approx(there / weight if weight else 0.0, abs=1e-6)
        if measure == "combined":
            assert set(p.components) == {
                part
                for part in ("essential", "held-essential", "activities")
                if plain.known(part, a, b)
            }
            assert set(p.absent) == {
                *{"essential", "held-essential", "activities", "work-context"} - set(p.components)
            }
            mean = sum(p.components.values()) / max(len(p.components), 1)
            assert p.value == pytest.approx(mean, abs=1e-6)


def test_a_pair_by_hand() -> None:
    d = dm.collect(
        [
            Link("ex:a", "ex:lead", ESSENTIAL, level=2.0),
            Link("ex:a", "ex:plan", BENEFICIAL),
            Link("ex:a", "ex:sing"),
            Link("ex:b", "ex:lead", ESSENTIAL, level=4.0),
            Link("ex:b", "ex:plan", ESSENTIAL, level=3.0),
            Link("ex:b", "ex:swim"),
        ]
    )
    p = sim.pair(d, "overlap-level", "ex:a", "ex:b")
    assert p.shared == (
        sim.Share("ex:lead", 1.0, 0.5, 2.0, 4.0),
        sim.Share("ex:plan", 1.0, 1.0, None, 3.0),  # level held is unknown: counts in full
    )
    assert p.missing == (sim.Share("ex:swim", 1.0, 0.0),)
    assert p.only_source == ("ex:sing",)
    assert p.value == pytest.approx(1.5 / 3)
    assert sim.pair(d, "essential", "ex:a", "ex:b").value == 0.5
    assert sim.pair(d, "held-essential", "ex:a", "ex:b").value == 1.0
    # idf: n = 2, so ln 2 where both ask and ln 3 where one does
    idf = sim.pair(d, "overlap-idf", "ex:a", "ex:b")
    assert idf.value == pytest.approx(2 * math.log(2) / (2 * math.log(2) + math.log(3)))


def test_activities_by_hand() -> None:
    kinds = {"ex:x": ["S1.1"], "ex:y": ["S1.2"], "ex:z": ["S1.1", "S1.2"]}
    d = dm.collect(
        [
            Link("ex:a", "ex:x", ESSENTIAL),
            Link("ex:b", "ex:y", ESSENTIAL),
            Link("ex:c", "ex:z", ESSENTIAL),
            Link("ex:c", "ex:x", BENEFICIAL),  # only essential skills count
        ],
        activities=kinds,
    )
    got = dense(d, "activities")
    assert got[0, 1] == 0
    # (1, 0) and (1, 1) / √2: their cosine is 1 / √2
    assert got[0, 2] == pytest.approx(1 - math.sqrt(1 - 1 / math.sqrt(2)))
    p = sim.pair(d, "activities", "ex:a", "ex:c")
    assert p.shared == (sim.Share("S1.1", 1.0, 1.0, 1.0, 1.0),)
    assert p.missing == (sim.Share("S1.2", 1.0, 0.0, None, 1.0),)


# --- thresholds


def ladder() -> Demands:
    """Four roles in two groups of two, and one alone; values that can be worked out by hand."""
    asked = {"a": "wxyz", "b": "wxy", "c": "pq", "d": "pr", "e": "w"}
    return dm.collect(
        [Link(f"ex:{r}", f"ex:{s}", ESSENTIAL) for r, skills in asked.items() for s in skills],
        group={"ex:a": "1111", "ex:b": "1111", "ex:c": "1121", "ex:d": "1121", "ex:e": "1122"},
        broadest={"ex:b": "ex:a"},
        zone={"ex:a": 4, "ex:b": 2, "ex:c": 3},
    )


def test_calibration_by_hand() -> None:
    # a to b is 3/3, b to a 3/4: mean 0.875; c and d have 1/2 both ways: mean 0.5
    c = sim.calibrate(ladder(), "overlap")
    assert (c.pairs, c.groups, c.by, c.published) == (4, 2, "group", None)
    assert c.mean == pytest.approx(0.6875)
    assert c.sd == pytest.approx(0.1875)
    assert c.threshold == pytest.approx(0.5)


def test_calibration_by_digits_and_by_broader_roles() -> None:
    # 112 holds c, d and e: six pairs, two of them 1/2
    c = sim.calibrate(ladder(), "overlap", 3)
    assert (c.pairs, c.groups) == (8, 2)
    assert c.mean == pytest.approx((0.875 + 1 / 6) / 2)
    c = sim.calibrate(ladder(), "combined", "broader")
    assert (c.pairs, c.groups, c.published) == (2, 1, 0.40)
    assert c.sd == 0
    assert c.threshold == pytest.approx(0.875)
    assert sim.calibrate(ladder(), "combined").published == 0.30
    with pytest.raises(sim.MeasureError, match="no two roles"):
        sim.calibrate(ladder(), "overlap", 5)
    for by in (0, "groups"):
        with pytest.raises(sim.MeasureError, match="number of digits"):
            sim.calibrate(ladder(), "overlap", by)  # type: ignore[arg-type]


@many
@given(some_demands, st.sampled_from(["group", "broader", 2, 3]))
def test_calibration_is_what_loops_give(d: Demands, by: sim.By) -> None:
    plain = Plain(d)
    names = d.broadest if by == "broader" else d.group
    if isinstance(by, int):
        names = tuple(g[:by] if g and len(g) >= by else None for g in d.group)
    groups = [[a for a, x in enumerate(names) if x == name] for name in {x for x in names if x}]
    groups = [g for g in groups if len(g) > 1]
    if not groups:
        with pytest.raises(sim.MeasureError):
            sim.calibrate(d, "cosine", by)
        return
    means = [np.mean([plain.of("cosine", a, b) for a in g for b in g if a != b]) for g in groups]
    c = sim.calibrate(d, "cosine", by)
    assert c.groups == len(groups)
    assert c.pairs == sum(len(g) * (len(g) - 1) for g in groups)
    assert c.mean == pytest.approx(float(np.mean(means)), abs=1e-6)
    assert c.sd == pytest.approx(float(np.std(means)), abs=1e-6)
    assert c.threshold == c.mean - c.sd


def test_viable_transitions_by_hand() -> None:
    v = sim.viable(ladder())
    assert v.calibration.threshold == pytest.approx(0.5)
    assert v.calibration_high is not None
    pairs = list(zip(v.suggestions.source.tolist(), v.suggestions.target.tolist(), strict=True))
    # a and b lie near, but two job zones apart; e asks for one thing, which a and b have
    assert pairs == [(0, 4), (1, 4), (2, 3), (3, 2)]
    assert v.suggestions.value.tolist() == [1.0, 1.0, 0.5, 0.5]
    assert v.highly.tolist() == [True, True, False, False]
    assert v.components.used == ("essential", "held-essential")
    assert set(v.absent) == {"activities", "work-context", "desirable", "safe"}
    wider = sim.viable(ladder(), zones_apart=None)
    assert (0, 1) in zip(wider.suggestions.source, wider.suggestions.target, strict=True)
    flat = dm.collect(
        [Link(r, "ex:s", ESSENTIAL) for r in ("ex:a", "ex:b")],
        group={"ex:a": "1", "ex:b": "1"},
    )
    v = sim.viable(flat)
    assert v.calibration_high is None
    assert not v.highly.any()
    assert "highly viable" in v.absent


# --- what is asked wrongly


def test_what_cannot_be_is_said() -> None:
    d = ladder()
    with pytest.raises(NotFoundError, match="no measure 'cosin'; did you mean 'cosine'"):
        sim.matrix(d, "cosin")
    with pytest.raises(NotFoundError, match="did you mean 'ex:a'"):
        sim.pair(d, "cosine", "ex:aa", "ex:b")
    with pytest.raises(sim.MeasureError, match="k is 0"):
        sim.top_k(d, "cosine", 0)
    with pytest.raises(sim.MeasureError, match="from 0 to 4"):
        sim.top_k(d, "cosine", 1, rows=[5])
    with pytest.raises(sim.MeasureError, match="zones_apart is -1"):
        sim.top_k(d, "cosine", 1, zones_apart=-1)
    with pytest.raises(sim.MeasureError, match="threshold, or k"):
        sim.suggest(d, "cosine")
    for threshold in (0.0, -0.1, 1.5, NAN):
        with pytest.raises(sim.MeasureError, match="above 0 and at most 1"):
            sim.suggest(d, "cosine", threshold=threshold)
    unstated = dm.collect([Link("ex:a", "ex:s"), Link("ex:b", "ex:s")])
    assert sim.components(unstated).used == ()
    with pytest.raises(sim.MeasureError, match="use 'overlap'") as caught:
        sim.matrix(unstated, "combined")
    assert isinstance(caught.value, RoleGraphError)
    assert isinstance(caught.value, ValueError)


def test_nothing_at_all_is_no_error() -> None:
    empty = dm.collect([])
    for measure in sim.measures():
        if measure != "combined":
            assert dense(empty, measure).shape == (0, 0)
            assert sim.top_k(empty, measure, 3).target.shape == (0, 0)
            assert len(sim.suggest(empty, measure, threshold=0.1)) == 0


# --- demands


@many
@given(links, st.randoms())
def test_the_order_of_links_does_not_matter(found: list[Link], random: Any) -> None:
    mixed = list(found)
    random.shuffle(mixed)
    assert dm.collect(mixed).fingerprint == dm.collect(found).fingerprint
    d = dm.collect([*found, *mixed])  # nor do repetitions
    assert d.fingerprint == dm.collect(found).fingerprint
    rows = list(zip(d.role.tolist(), d.skill.tolist(), strict=True))
    assert rows == sorted(set(rows))
    assert {(d.roles[r], d.skills[s]) for r, s in rows} == {(x.role, x.skill) for x in found}
    asked = {(x.role, x.skill) for x in found if not x.rating}
    assert [(d.roles[r], d.skills[s]) not in asked for r, s in rows] == d.rating.tolist()


def test_several_demands_for_one_skill() -> None:
    one = partial(Link, "ex:a", "ex:s")
    d = dm.collect([one(BENEFICIAL, 2.0), one(NOT_STATED, NAN, 4.0), one(RECOMMENDED, 1.0)])
    assert (d.strength.tolist(), d.level.tolist()) == ([RECOMMENDED], [2.0])
    assert d.importance.tolist() == [4.0]
    d = dm.collect([one(ESSENTIAL), one(level=3.0, importance=2.0, rating=True)])
    assert (d.level.tolist(), d.importance.tolist()) == ([3.0], [2.0])
    assert (d.rating.tolist(), d.strength.tolist()) == ([False], [ESSENTIAL])
    d = dm.collect([one(ESSENTIAL, 1.0), one(level=3.0, rating=True)])
    assert d.level.tolist() == [1.0]


@pytest.mark.parametrize("bad", [(4,), (0, -1.0), (0, math.inf), (0, NAN, -2.0)])
def test_figures_that_cannot_be(bad: tuple[Any, ...]) -> None:
    with pytest.raises(DataError, match="the demand of ex:a for ex:s"):
        dm.collect([Link("ex:a", "ex:s", *bad)])


CONTENT: dict[str, Any] = {
    "links": [Link("ex:a", "ex:s", ESSENTIAL, 2.0, 3.0), Link("ex:b", "ex:t")],
    "group": {"ex:a": "1111"},
    "broadest": {"ex:b": "ex:a"},
    "zone": {"ex:a": 2},
    "activities": {"ex:s": ["S1.1"]},
}


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("links", [Link("ex:a", "ex:s", BENEFICIAL, 2.0, 3.0), Link("ex:b", "ex:t")]),
        ("links", [Link("ex:a", "ex:s", ESSENTIAL, 2.5, 3.0), Link("ex:b", "ex:t")]),
        ("links", [Link("ex:a", "ex:s", ESSENTIAL, 2.0, NAN), Link("ex:b", "ex:t")]),
        ("links", [Link("ex:a", "ex:s", ESSENTIAL, 2.0, 3.0, True), Link("ex:b", "ex:t")]),
        ("links", [Link("ex:a", "ex:s", ESSENTIAL, 2.0, 3.0), Link("ex:b", "ex:u")]),
        ("links", [Link("ex:a", "ex:s", ESSENTIAL, 2.0, 3.0), Link("ex:b", "ex:s")]),
        ("links", [Link("ex:a", "ex:s", ESSENTIAL, 2.0, 3.0), Link("ex:c", "ex:t")]),
        ("group", {"ex:a": "1112"}),
        ("group", {"ex:b": "1111"}),
        ("broadest", {}),
        ("zone", {"ex:a": 3}),
        ("zone", {}),
        ("activities", {"ex:s": ["S1.2"]}),
        ("activities", {"ex:t": ["S1.1"]}),
    ],
)
def test_the_fingerprint_changes_with_the_content(part: str, other: Any) -> None:
    def stamp(content: dict[str, Any]) -> str:
        return dm.collect(
            content["links"], **{k: v for k, v in content.items() if k != "links"}
        ).fingerprint

    assert stamp(CONTENT) == stamp(dict(CONTENT))
    assert stamp(CONTENT) != stamp(CONTENT | {part: other})


def same(a: Demands, b: Demands) -> bool:
    return all(
        np.array_equal(x, y, equal_nan=x.dtype.kind == "f") and x.dtype == y.dtype
        if isinstance(x := getattr(a, f.name), np.ndarray)
        and isinstance(y := getattr(b, f.name), np.ndarray)
        else getattr(a, f.name) == getattr(b, f.name)
        for f in fields(Demands)
    )


@settings(max_examples=40, deadline=None)
@given(d=some_demands)
def test_saved_demands_come_back(d: Demands, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("kept") / "new"
    dm.save(d, folder)
    assert same(dm.load(folder), d)
    assert [p.name for p in folder.iterdir()] == ["demands.npz"]


def test_arrays_are_not_to_be_written_to(tmp_path: Path) -> None:
    dm.save(ladder(), tmp_path)
    for d in (ladder(), dm.load(tmp_path)):
        with pytest.raises(ValueError, match="read-only"):
            d.strength[0] = 3


def test_a_damaged_file_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"demands\.npz: no such file"):
        dm.load(tmp_path)
    path = dm.save(ladder(), tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="damaged"):
        dm.load(tmp_path)
    path.write_bytes(b"")
    with pytest.raises(DataError, match="damaged"):
        dm.load(tmp_path)
    with np.load(_put(path, whole)) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["strength"] = arrays["strength"] + 1  # a whole file, but not what was saved
    np.savez(path, **arrays)
    with pytest.raises(DataError, match="does not fit its fingerprint"):
        dm.load(tmp_path)
    path.write_bytes(whole)
    assert same(dm.load(tmp_path), ladder())


def _put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a full disk."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")
def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    dm.save(ladder(), tmp_path)
    more = dm.collect([Link("ex:a", f"ex:{i}") for i in range(5000)])
    with small_disk(20_000), pytest.raises(OSError, match="too large"):
        dm.save(more, tmp_path)
    assert same(dm.load(tmp_path), ladder())
    assert [p.name for p in tmp_path.iterdir()] == ["demands.npz"]


# --- the cache


def test_the_cache_gives_the_same_and_is_used(tmp_path: Path) -> None:
    d = ladder()
    first = sim.cached_top_k(tmp_path / "new", d, "overlap", 2)
    (path,) = (tmp_path / "new").iterdir()
    written = path.stat().st_mtime_ns
    again = sim.cached_top_k(tmp_path / "new", d, "overlap", 2)
    assert isinstance(again.target, np.memmap)
    assert path.stat().st_mtime_ns == written
    for x, y, z in zip(first, again, sim.top_k(d, "overlap", 2), strict=True):
        assert x.tolist() == y.tolist() == z.tolist()
        assert y.dtype == z.dtype


def test_a_cache_of_other_data_or_parameters_is_not_used(tmp_path: Path) -> None:
    other = dm.collect([Link(f"ex:{r}", "ex:s", ESSENTIAL) for r in "abcde"])
    wanted: list[tuple[Demands, str, int, int | None]] = [
        (ladder(), "overlap", 2, None),
        (other, "overlap", 2, None),
        (ladder(), "cosine", 2, None),
        (ladder(), "overlap", 3, None),
        (ladder(), "overlap", 2, 1),
    ]
    for _ in range(2):
        for d, measure, k, apart in wanted:
            got = sim.cached_top_k(tmp_path, d, measure, k, zones_apart=apart)
            right = sim.top_k(d, measure, k, zones_apart=apart)
            assert got.target.tolist() == right.target.tolist()
            assert got.value.tolist() == right.value.tolist()
    assert len(list(tmp_path.iterdir())) == len(wanted)
    assert sim.drop_stale(tmp_path, [ladder().fingerprint]) == 1
    assert len(list(tmp_path.iterdir())) == len(wanted) - 1
    (tmp_path / "top-secret.txt").touch()
    assert sim.drop_stale(tmp_path) == len(wanted) - 1
    assert [p.name for p in tmp_path.iterdir()] == ["top-secret.txt"]


def _halve(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _nothing(_: bytes) -> bytes:
    return b""


def _out_of_range(data: bytes) -> bytes:
    return data[:-8] + b"\xff\xff\xff\x7f" + data[-4:]


@pytest.mark.parametrize("harm", [_halve, _nothing, _out_of_range])
def test_a_damaged_cache_is_computed_anew(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    right = sim.cached_top_k(tmp_path, ladder(), "overlap", 2)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(harm(whole))
    got = sim.cached_top_k(tmp_path, ladder(), "overlap", 2)
    assert got.target.tolist() == right.target.tolist()
    assert path.read_bytes() == whole


def test_no_room_for_a_cache_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    got = sim.cached_top_k(tmp_path / "file" / "folder", ladder(), "overlap", 2)
    assert got.target.tolist() == sim.top_k(ladder(), "overlap", 2).target.tolist()


# --- out of a store

TURTLE = """
@prefix rg: <https://w3id.org/rolegraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <https://example.org/> .

e:lead a rg:Occupation ; rg:inGroup e:g1, e:g11 ; rg:inJobZone e:z4 .
e:junior a rg:EntryRole ; rg:broader e:middle .
e:middle a rg:Role ; rg:broader e:lead .
e:other a rg:Occupation ; rg:inGroup e:unnamed .
e:idle a rg:Role .
e:g1 a rg:OccupationGroup ; skos:notation "13" .
e:g11 a rg:OccupationGroup ; skos:notation "1330" ; rg:broader e:g1 .
e:unnamed a rg:OccupationGroup .
e:z4 a rg:JobZone ; rg:rank 4 .
e:expert a rg:ProficiencyLevel ; rg:rank 4 .
e:working a rg:ProficiencyLevel ; rg:rank 2 .

e:plan a rg:Skill ; rg:inGroup e:s112, e:k .
e:plan2 a rg:Skill ; rg:broader e:plan .
e:s112 a rg:SkillGroup ; skos:notation "S1.10.2" .
e:k a rg:SkillGroup ; skos:notation "0413" .
e:law a rg:Skill ; rg:inGroup e:k .

e:r1 a rg:SkillRequirement ; rg:isRequirementOf e:lead ; rg:requiredSkill e:plan ;
    rg:hasStrength rg:essential ; rg:requiredLevel e:expert ; rg:importance 4.25 .
e:r2 a rg:SkillRequirement ; rg:isRequirementOf e:lead ; rg:requiredSkill e:law .
e:r3 a rg:SkillRequirement ; rg:isRequirementOf e:junior ; rg:requiredSkill e:plan2 ;
    rg:hasStrength rg:beneficial ; rg:levelValue 1.5 .
e:r4 a rg:SkillRequirement ; rg:isRequirementOf e:junior ; rg:requiredSkill e:plan ;
    rg:hasStrength rg:recommended ; rg:levelValue 3.0 .
e:r5 a rg:SkillRequirement ; rg:isRequirementOf e:other ; rg:requiredSkill e:plan ;
    rg:requiredLevel e:working .
e:step a rg:RoleTransition ; rg:fromRole e:junior ; rg:toRole e:lead .
e:r6 a rg:SkillRequirement ; rg:isRequirementOf e:step ; rg:requiredSkill e:plan .
e:q1 a rg:SkillRating ; rg:ratesRole e:idle ; rg:ratesSkill e:plan ;
    rg:importance 1.5 ; rg:levelValue 2.0 .
e:q2 a rg:SkillRating ; rg:ratesRole e:lead ; rg:ratesSkill e:law ; rg:levelValue 2.5 .
"""
MORE = """
@prefix rg: <https://w3id.org/rolegraph/ontology#> .
@prefix e: <https://example.org/> .
e:m1 a rg:SkillRequirement ; rg:isRequirementOf e:other ; rg:requiredSkill e:law .
"""
EX = "https://example.org/"


@pytest.fixture
def store(tmp_path: Path) -> OxigraphStore:
    engine = OxigraphStore()
    for name in ("rolegraph", "market"):
        engine.load_file(ontology_path(f"{name}.ttl"), graph_name(name))
    for name, text in (("mine", TURTLE), ("more", MORE)):
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
        engine.load_file(tmp_path / f"{name}.ttl", graph_name(name))
    return engine


def told(d: Demands) -> dict[tuple[str, str], tuple[int, float | None, float | None, bool]]:
    """Rows by the last part of the IRIs; None for unknown."""
    arrays = (d.role, d.skill, d.strength, d.level, d.importance, d.rating)
    return {
        (d.roles[r].removeprefix(EX), d.skills[s].removeprefix(EX)): (
            strength,
            None if math.isnan(level) else level,
            None if math.isnan(importance) else importance,
            rating,
        )
        for r, s, strength, level, importance, rating in zip(
            *(a.tolist() for a in arrays), strict=True
        )
    }


def test_demands_are_read_from_a_store(store: OxigraphStore) -> None:
    d = dm.read(store)
    assert told(d) == {
        ("lead", "plan"): (ESSENTIAL, 4.0, 4.25, False),
        ("lead", "law"): (NOT_STATED, None, None, False),
        ("junior", "plan2"): (BENEFICIAL, 1.5, None, False),
        # plan has ranks elsewhere: a value on another scale is no rank
        ("junior", "plan"): (RECOMMENDED, None, None, False),
        ("other", "plan"): (NOT_STATED, 2.0, None, False),
        ("other", "law"): (NOT_STATED, None, None, False),
    }
    assert d.roles == (EX + "junior", EX + "lead", EX + "other")
    assert d.group == ("1330", "1330", EX + "unnamed")  # junior's by way of middle
    assert d.broadest == (EX + "lead", EX + "lead", EX + "other")
    assert d.zone == (None, 4, None)
    assert d.activities == ("S1.10",)
    places = {d.skills[s].removeprefix(EX) for s, _ in d.activity.tolist()}
    assert places == {"plan", "plan2"}  # plan2's by way of plan; law's group is no activity


def test_only_a_graph_is_read_when_asked(store: OxigraphStore) -> None:
    d = dm.read(store, graph_name("more"))
    assert told(d) == {("other", "law"): (NOT_STATED, None, None, False)}
    assert d.group == (EX + "unnamed",)
    assert len(dm.read(store, graph_name("mine")).role) == 5
    assert dm.read(store, graph_name("none")).roles == ()


def test_ratings_are_read_when_asked_and_stay_ratings(store: OxigraphStore) -> None:
    d = dm.read(store, ratings=True)
    rows = told(d)
    assert rows["idle", "plan"] == (NOT_STATED, 2.0, 1.5, True)
    assert rows["lead", "law"] == (NOT_STATED, 2.5, None, False)
    assert sum(r[3] for r in rows.values()) == 1
    idle = d.roles.index(EX + "idle")
    for measure in sim.measures():
        got = dense(d, measure)
        assert not got[idle].any()
        assert not got[:, idle].any()


def test_the_same_store_gives_the_same_fingerprint(store: OxigraphStore) -> None:
    before = dm.read(store).fingerprint
    assert dm.read(store.copy()).fingerprint == before
    store.update(f"DELETE DATA {{ <{EX}r1> rg:hasStrength rg:essential }}")
    assert dm.read(store).fingerprint != before


def test_a_figure_that_is_none_is_named(store: OxigraphStore) -> None:
    store.update(f'INSERT DATA {{ <{EX}r2> rg:importance "much" }}')
    with pytest.raises(DataError, match=r"importance of https://example.org/lead is 'much'"):
        dm.read(store)


def test_circles_of_broader_roles_end(store: OxigraphStore) -> None:
    store.update(f"INSERT DATA {{ <{EX}lead> rg:broader <{EX}junior> }}")
    d = dm.read(store)
    assert d.roles[0] == EX + "junior"
    assert d.group[0] == "1330"


# --- the real thing


@pytest.fixture(scope="module")
def esco(checkout: Path, shared_data: Path) -> Demands:
    spec = importlib.util.spec_from_file_location("bench", checkout / "benchmarks/similarity.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.esco(shared_data / "esco-1.1.1")
    assert isinstance(found, Demands)
    return found


def test_esco_at_full_size(esco: Demands) -> None:
    assert (len(esco.roles), len(esco.role)) == (3007, 123_788)
    assert int((esco.strength == ESSENTIAL).sum()) + int((esco.strength == BENEFICIAL).sum()) == (
        len(esco.role)
    )
    plain = Plain(esco)
    roles = np.random.default_rng(3).choice(len(esco.roles), 8, replace=False).tolist()
    for measure in ("overlap", "essential", "held-essential", "cosine", "jaccard", "activities"):
        target, value = sim.top_k(esco, measure, 20, rows=roles)
        for i, a in enumerate(roles):
            row = [plain.of(measure, a, b) for b in range(plain.n)]
            row[a] = 0.0
            np.testing.assert_allclose(value[i], sorted(row, reverse=True)[:20], atol=3e-7)
            np.testing.assert_allclose(value[i], [row[b] for b in target[i]], atol=3e-7)


def test_esco_thresholds_are_its_own(esco: Demands) -> None:
    viable = sim.viable(esco, k=5)
    low, high = viable.calibration, viable.calibration_high
    assert high is not None
    assert viable.components.used == ("essential", "held-essential", "activities")
    assert "work-context" in viable.absent
    # unit groups of ISCO, and broader roles: as many as the files say have two roles or more
    by_group = [esco.group.count(g) for g in {*esco.group}]
    assert low.groups == sum(n > 1 for n in by_group)
    assert low.pairs == sum(n * (n - 1) for n in by_group)
    assert high.groups == sum(esco.broadest.count(b) > 1 for b in {*esco.broadest})
    # lower than published, for skills must be the same here and not only alike
    assert 0 < low.threshold < 0.30
    assert low.threshold < high.threshold < 0.40
    assert (viable.suggestions.value >= np.float32(low.threshold)).all()
    # the largest distance of activities that there can be is found here, as published
    near = sim.matrix(esco, "activities")
    known = near.diagonal() > 0
    assert (near[np.ix_(known, known)] == 0).any()
