"""Sporen's core: evidence, case, analysis, custody. It names no app and no report form."""

__version__ = "0.1.0"
