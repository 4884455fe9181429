"""The colours are measured, with normal sight and with each of the three kinds of colour-blindness.

Protanopia and deuteranopia follow Viénot, Brettel and Mollon (1999), tritanopia the two half-planes of Brettel, Viénot
and Mollon (1997), as DaltonLens gives their matrices for linear sRGB. ΔE is CIE76 in CIELAB (D65).
"""

from itertools import combinations

import numpy as np
import pytest

from dashboard import palette
from events.codebook import load_codebook

PROTAN = np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]])
DEUTAN = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
TRITAN_ONE = np.array([[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.80500, 0.11911]])
TRITAN_OTHER = np.array([[0.93678, 0.18979, -0.12657], [0.06154, 0.81526, 0.12320], [-0.37562, 1.12767, 0.24796]])
TRITAN_PLANE = np.array([0.03901, -0.02788, -0.01113])
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ @ np.ones(3)

# The least distance that was measured, a little rounded down: a change of a colour that brings two closer is seen.
LEAST = {"normal": 20.0, "protanopia": 10.0, "deuteranopia": 10.0, "tritanopia": 10.0}
TOLD_APART = 10.0  # ΔE76 of about 2.3 is just seen side by side; circles lie apart
# WCAG 2.2 for large or bold letters and for graphics: signs are of weight 600 on circles of 17 pixels and more.
BOLD = 3.0


def linear(colour):
    srgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def seen(rgb, sight):
    if sight == "tritanopia":
        return (TRITAN_ONE if rgb @ TRITAN_PLANE >= 0 else TRITAN_OTHER) @ rgb
    return {"normal": np.eye(3), "protanopia": PROTAN, "deuteranopia": DEUTAN}[sight] @ rgb


def lab(rgb):
    t = XYZ @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distances(sight):
    colours = {kind: lab(seen(linear(mark.colour), sight)) for kind, mark in palette.TYPES.items()}
    return {
        (one, other): float(np.linalg.norm(colours[one] - colours[other])) for one, other in combinations(colours, 2)
    }


def contrast(one, other):
    lights = sorted((float(XYZ[1] @ linear(colour)) + 0.05 for colour in (one, other)), reverse=True)
    return lights[0] / lights[1]


@pytest.mark.parametrize("sight", LEAST)
def test_every_two_types_are_told_apart(sight, record_property):
    pair, least = min(distances(sight).items(), key=lambda item: item[1])
    record_property(f"least ΔE, {sight}", f"{least:.1f} {pair}")
    assert least >= TOLD_APART, (pair, least)
    assert least >= LEAST[sight], (pair, least)


@pytest.mark.parametrize("kind", palette.TYPES)
def test_white_signs_and_counts_can_be_read(kind):
    assert contrast(palette.TYPES[kind].colour, "#ffffff") >= BOLD


def test_white_letters_can_be_read_on_the_colour_of_other_types():
    assert contrast(palette.OTHER.colour, "#ffffff") >= BOLD


@pytest.mark.parametrize("theme", palette.THEMES)
def test_words_can_be_read_on_the_surface(theme):
    colours = palette.THEMES[theme]
    assert contrast(colours.ink, colours.surface) >= 7
    assert contrast(colours.quiet, colours.surface) >= 4.5
    assert contrast(colours.accent, colours.surface) >= 4.5


def test_each_type_of_the_codebook_has_its_mark_and_no_other_has():
    assert tuple(palette.TYPES) == load_codebook().type_names
    assert palette.mark("Something else") == palette.OTHER


def test_signs_and_patterns_are_all_different():
    marks = [*palette.TYPES.values(), palette.OTHER]
    assert len({mark.sign for mark in marks}) == len(marks)
    assert all(len(mark.sign) == 1 for mark in marks)
    assert len({mark.pattern for mark in palette.TYPES.values()}) == len(palette.TYPES)


def test_the_measure_is_right():
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("sight", LEAST)
def test_greys_look_the_same_to_everyone(sight):
    assert lab(seen(linear("#808080"), sight)) == pytest.approx(lab(linear("#808080")), abs=0.6)


def test_red_and_green_meet_where_they_should():
    for sight, closer in (("protanopia", True), ("deuteranopia", True), ("tritanopia", False)):
        red, green = (lab(seen(linear(c), sight)) for c in ("#a05028", "#6e6e28"))
        plain = np.linalg.norm(lab(linear("#a05028")) - lab(linear("#6e6e28")))
        assert (np.linalg.norm(red - green) < plain / 2) == closer
