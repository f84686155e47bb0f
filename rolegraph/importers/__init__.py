"""Importers: each reads the files of one source into a draft, and says what it took and left out."""
