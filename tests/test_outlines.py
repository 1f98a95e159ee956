"""Coasts and borders that come with the program: places that anybody can look up lie where they should."""

from __future__ import annotations

from forensics import charts
from forensics.outlines import within

DEN_HELDER = (52.96, 4.76)  # the tip of North Holland: the coast is within a few kilometres


def test_the_coast_passes_where_it_is():
    frame = (52.5, 53.5, 4.0, 6.0)
    nearest = min(
        (north - DEN_HELDER[0]) ** 2 + (east - DEN_HELDER[1]) ** 2
        for line in within(frame)
        for north, east in line
    )
    assert nearest**0.5 < 0.1


def test_there_is_no_line_in_the_open_ocean():
    assert list(within((-31.0, -30.0, -121.0, -120.0))) == []


def test_every_line_lies_on_earth():
    for line in within((-90.0, 90.0, -180.0, 180.0)):
        assert len(line) > 1
        assert all(-90 <= north <= 90 and -180.01 <= east <= 180.01 for north, east in line)


def test_points_are_drawn_in_the_frame_with_their_numbers():
    points = {1: (52.37, 4.9), 7: (51.92, 4.48)}
    svg = charts.places(points, within(charts.frame_of(list(points.values()))), "map")
    assert 'font-size="10" fill="#222222">7</text>' in svg
    assert svg.count("<circle") == 2
    assert "<path" in svg
    many = {1: (52.11, 4.49), 2: (52.1, 4.51), 3: (50.2, 5.5), 4: (52.1001, 4.5002)}
    svg = charts.places(many, (), "map")
    assert svg.count("<circle") == 2
    assert ">2, 4</text>" in svg, "no number is hidden under another"
    one = {1: (89.9, 0.0)}
    assert "nan" not in charts.places(one, (), "map")
