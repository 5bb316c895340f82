"""Audio files: what they are, what their tags say, and how they sound. Pure: no Django here.

librosa takes seconds to load and much memory, so only what measures imports it, in a process of
its own (`manage.py measure_audio`). Everything else here is cheap.
"""
