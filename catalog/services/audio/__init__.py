"""Audio files: taken in after their tags were imported, measured by a job each, and compared."""

from catalog.services.audio.measuring import NotMeasured, give_up, measure_again, measure_file
from catalog.services.audio.neighbours import Neighbour, nearest_files
from catalog.services.audio.taking_in import take_in

__all__ = [
    "Neighbour",
    "NotMeasured",
    "give_up",
    "measure_again",
    "measure_file",
    "nearest_files",
    "take_in",
]
