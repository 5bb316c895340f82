"""The exploratory analysis of a catalogue: tables in, plain dicts and lists out. No Django here.

A frame has one row per track and the columns `id`, `artist`, `genre`, then those of
`measures.MEASURES` and `measures.CATEGORIES`; what nobody measured is NaN.
"""
