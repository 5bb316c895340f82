"""How hypothesis draws in the tests of the engine."""

from hypothesis import settings

# A first call compiles, and a busy machine is slow: time is measured where it is the question.
settings.register_profile("engine", deadline=None)
settings.load_profile("engine")
