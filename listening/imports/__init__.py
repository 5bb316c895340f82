"""Readers of what other services export: bytes in, rows out. Pure: no Django here.

`formats.FORMATS` has them all. `survey` looks through a whole upload (so that a broken one is
refused before anything is stored), `read` yields its rows, always the same in the same order.
"""
