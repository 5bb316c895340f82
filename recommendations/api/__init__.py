"""Lists, reasons and feedback for programs, and for the scripts of our own pages."""
