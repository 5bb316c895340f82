"""Readers of files that hold tracks: bytes in, rows out. Pure: no Django here.

`formats.FORMATS` has them all; each is one file beside it. A format says whether it knows a file,
surveys it (so that a broken file is refused before anything is stored), and reads it row by row.
"""
