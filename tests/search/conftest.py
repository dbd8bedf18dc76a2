"""What the tests of the search share: a forum in which the article can be found, too."""

import pytest

from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    """Return the forum with its first debate, all of it in the index."""
    world.index_article()
    return world
