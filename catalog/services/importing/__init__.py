"""From a file of tracks to the catalogue: every row is accounted for, and nothing is done twice.

`start` takes a file in, `run` reads it. A file that is read again changes nothing; one whose
reading broke off is continued where it was.
"""

from catalog.services.importing.reading import Stopped, import_file, run
from catalog.services.importing.starting import open_import, start_upload

__all__ = ["Stopped", "import_file", "open_import", "run", "start_upload"]
