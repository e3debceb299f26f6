"""Text to measure the guard on: invented reports without status, the same with some, and public prose.

`reports` is what a police or 911 file looks like: sentences of invented events, one in `every` with a telling word, half
of these traps. `prose` is the descriptions of the Python packages that are installed: public text that no rule was
written for. `realistic` is nine parts of the first and one of the second.
"""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

__all__ = ["HOSTILE", "dense", "hostile", "prose", "realistic", "reports"]

_NAMES = (
    "Alvarez",
    "Becker",
    "Chen",
    "Dahl",
    "Ekwueme",
    "Fisher",
    "Garza",
    "Hassan",
    "Ivers",
    "Jensen",
    "Kowalski",
    "Lindgren",
    "Moua",
    "Nguyen",
    "Olson",
    "Petrov",
    "Quist",
    "Reyes",
    "Schultz",
    "Tran",
    "Usman",
    "Vang",
    "Walz",
    "Xiong",
    "Yusuf",
    "Zeller",
)
_FIRST = (
    "Ana",
    "Bo",
    "Carla",
    "Deng",
    "Elsa",
    "Farid",
    "Greta",
    "Hodan",
    "Ivan",
    "June",
    "Kai",
    "Lena",
    "Mario",
    "Nadia",
    "Omar",
    "Paul",
    "Rosa",
    "Sam",
    "Tess",
    "Uma",
    "Vera",
    "Will",
    "Yer",
)
_STREETS = (
    "Cedar Ave",
    "E Lake St",
    "Park Ave S",
    "Bloomington Ave",
    "W Broadway",
    "24th St",
    "Hiawatha Ave",
    "Penn Ave N",
)
_THINGS = (
    "a blue Trek bicycle",
    "the rear window",
    "a black backpack",
    "his work van",
    "her phone",
    "a snow blower",
    "the side door",
    "two catalytic converters",
    "a bag of groceries",
)
_PLACES = (
    "the parking ramp",
    "the loading dock",
    "the bus shelter",
    "a gas station",
    "the laundry room",
    "the school lot",
    "a front porch",
    "the light rail platform",
)
_CARS = (
    "a gray Honda Civic",
    "a white Ford Transit",
    "a red Chevrolet Silverado",
    "a silver Toyota Camry",
    "a dark SUV with no plates",
)
_DID = (
    "reported that someone took",
    "said that she had last seen",
    "told me that his neighbor damaged",
    "could not say who had moved",
    "gave a description of the man who carried off",
    "pointed out",
)
_PLAIN = (
    "I was dispatched to {n} {street} on a report of a theft.",
    "{name} {did} {thing} from {place} between {h} and {h} hours.",
    "Officers checked the area of {place} but did not locate anyone matching the description.",
    "The caller stated that {car} was parked across the driveway and that the driver had walked away.",
    "I took {d} photographs of {thing} and placed them in the evidence system under case {n}-{n}.",
    "{first} {name} was treated by medics for a cut on the left hand and declined transport.",
    "The two had been arguing about rent since the weekend, and {first} wanted the other to leave for the night.",
    "A witness, {first} {name}, described a man in a green jacket who ran north through the alley.",
    "{name} asked for a copy of the report for the insurance company.",
    "Traffic was heavy at {street} and {street}; {car} had struck a light pole at low speed.",
    "The manager showed me video in which a person in a mask pries open {place} with a crowbar.",
    "RP ADVISES LOUD MUSIC FROM UNIT {d}, ONGOING FOR {d} HOURS, WANTS OFFICERS TO SPEAK WITH TENANT.",
    "UNITS CLEAR {h} HRS, PARTIES SEPARATED, NO FURTHER ACTION.",
    "Patient presents with cough and fever for {d} days, no travel, no known exposure; lungs clear.",
    "I explained the process for an order for protection and gave {first} the victim information card.",
    "The vehicle was towed to the impound lot and the registered owner was notified by phone.",
    "{name} said that the dog had been loose near {place} since the morning and had not bitten anyone.",
    "I cleared the call at {h} and returned to patrol.",
    "Student was counted absent on {d} days this term; the office called home and left a message with {first}.",
    "Tenant has requested repair of the heat {d} times, most recently on the {d}th; inspector assigned.",
)
_TRAPS = (
    "{name} slipped on the ice near {place} and hit an elbow.",
    "The card declined was a Visa ending in {n}.",
    "The LPR camera on {street} read the plate at {h}.",
    "I documented the scene and left the papers with the resident of unit {d}.",
    "He took I-94 west toward the stadium and was stopped at the exit.",
    "Hearing on the unlawful detainer is set for the {d}th in courtroom {d}.",
    "The national retailer removed the display; legal was notified of its status.",
)
_TELLING = (
    "She was born in Honduras and came to the city in {y}.",
    "{name} said his brother was arrested by ICE outside work and is held at the county jail.",
    "He told me that he is undocumented and was afraid to call.",
    "Her green card expired in {y} and she carries only a consular ID.",
    "The father is a Mexican national with a work permit.",
    "A number on the form read A{n}-{n3}-{n3}.",
    "The landlord threatened to call immigration if {first} did not pay.",
    "She has a pending asylum case and a hearing before the immigration judge.",
)  # fmt: skip


def reports(size: int, every: int = 60, seed: int = 1) -> str:
    """Invented reports of about `size` characters; one sentence in `every` has a telling word, half of them traps."""
    rng, parts, length = random.Random(seed), list[str](), 0
    while length < size:
        kind = _PLAIN if rng.randrange(every) else rng.choice((_TRAPS, _TELLING))
        sentence = _filled(rng, rng.choice(kind))
        parts.append(sentence + ("\n\n" if rng.random() < 0.12 else " "))
        length += len(parts[-1])
    return "".join(parts)[:size]


def dense(size: int, seed: int = 2) -> str:
    """Reports in which every sentence has a telling word: the hardest ordinary text."""
    return reports(size, every=1, seed=seed)


def _filled(rng: random.Random, sentence: str) -> str:
    return sentence.format_map(_Words(rng))


class _Words(dict[str, str]):
    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def __missing__(self, key: str) -> str:
        rng = self._rng
        numbers = {"n": (100, 9999), "n3": (100, 999), "d": (2, 28), "y": (1998, 2025)}
        if key in numbers:
            return str(rng.randint(*numbers[key]))
        if key == "h":
            return f"{rng.randint(0, 23):02}{rng.randint(0, 59):02}"
        lists = {
            "name": _NAMES,
            "first": _FIRST,
            "street": _STREETS,
            "thing": _THINGS,
            "place": _PLACES,
            "car": _CARS,
            "did": _DID,
        }
        return rng.choice(lists[key])


def prose(size: int) -> str:
    """The descriptions of installed packages, as often as it takes."""
    found = "\n".join(_descriptions())
    return (found * (size // max(1, len(found)) + 1))[:size]


def _descriptions() -> list[str]:
    root = Path(sysconfig.get_paths()["purelib"])
    texts = [path.read_text("utf-8", "replace") for path in sorted(root.glob("*.dist-info/METADATA"))]
    return [text.partition("\n\n")[2] for text in texts]


def realistic(size: int) -> str:
    """Nine parts of reports and one of prose."""
    return reports(size * 9 // 10) + prose(size - size * 9 // 10)


HOSTILE = {
    "one letter": "a",
    "one digit": "7",
    "`ICE `": "ICE ",
    "quotes": "\"'",
    "nested brackets": "(((",
    "`papers, visa, status, deported `": "papers, visa, status, deported ",
    "a telling sentence": "she is undocumented and was taken by ICE. ",
    "born in born in": "born in ",
    "numbers": "123-456-789 ",
    "words of one letter": "a b c d ",
    "`his her he she `": "his her he she ",
    "line breaks": "\n",
    "`not a citizen of `": "not a citizen of the ",
    "zero-width": "I\u200bC\u200bE ",
    "entities": "&#73;&#67;&#69; ",
}


def hostile(name: str, size: int) -> str:
    """A text made to cost much time."""
    part = HOSTILE[name]
    return (part * (size // len(part) + 1))[:size]
