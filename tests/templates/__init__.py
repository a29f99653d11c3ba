"""Worked projects: made from their template, imported, run, and checked by hand."""
