"""Backups and packages as evidence: each gives members with names and bytes, like an archive."""
