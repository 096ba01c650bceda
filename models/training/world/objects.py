"""The objects of the world: one word, one emoji, one category each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorldObject:
    """One thing the world can show; `character` is drawn with the Noto Color Emoji font."""

    word: str
    character: str
    category: str


OBJECTS: tuple[WorldObject, ...] = tuple(
    WorldObject(word, character, category)
    for category, members in {
        "fruit": "apple🍎 banana🍌 cherry🍒 strawberry🍓 lemon🍋 grapes🍇 watermelon🍉 pineapple🍍",
        "food": "carrot🥕 mushroom🍄 pizza🍕 burger🍔 donut🍩 cake🎂",
        "animal": "cat🐱 dog🐶 fox🦊 lion🦁 panda🐼 pig🐷 frog🐸 penguin🐧 owl🦉 fish🐠 octopus🐙 crab🦀 "
        "whale🐳 turtle🐢 butterfly🦋 ladybug🐞 snail🐌",
        "plant": "tree🌳 cactus🌵 sunflower🌻 rose🌹",
        "vehicle": "car🚗 bus🚌 rocket🚀 boat⛵ bicycle🚲",
        "thing": "house🏠 castle🏰 umbrella🌂 clock⏰ key🔑 bell🔔 guitar🎸 balloon🎈 crown👑 robot🤖 ghost👻 gift🎁",
    }.items()
    for entry in members.split()
    for word, character in [(entry.rstrip("".join(c for c in entry if not c.isascii())), "".join(c for c in entry if not c.isascii()))]
)

OBJECT_WORDS: tuple[str, ...] = tuple(item.word for item in OBJECTS)
CATEGORIES: tuple[str, ...] = tuple(dict.fromkeys(item.category for item in OBJECTS))
