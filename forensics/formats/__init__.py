"""Bytes to values; knows no app and no case."""
