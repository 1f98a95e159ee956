"""Recognising talk of drug trade in messages: indications with their reasons, never conclusions."""
