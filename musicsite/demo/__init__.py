"""A fictional world to look at: artists, tracks, listeners and two years of plays.

Everything but `load` is pure: a numpy Generator and a moment go in, arrays come out.
"""
