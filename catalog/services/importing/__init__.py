"""From a file of tracks to the catalogue: every row is accounted for, and nothing is done twice.

`open_import` and `start_upload` take a file in, `import_file` and `run` read it. A file that is
read again changes nothing; one whose reading broke off is continued where it was.
"""

from catalog.services.importing.reading import Stopped, import_file, run
from catalog.services.importing.starting import open_import, start_upload
from catalog.services.importing.steering import go_on, job_of, stop

__all__ = [
    "Stopped",
    "go_on",
    "import_file",
    "job_of",
    "open_import",
    "run",
    "start_upload",
    "stop",
]
