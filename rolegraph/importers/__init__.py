"""Importers: each reads one source into a draft, and says what it took and left out."""
