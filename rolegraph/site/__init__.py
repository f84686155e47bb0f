"""Pages about the graph: what the docs say of each term of the ontology."""
