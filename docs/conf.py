"""How Sphinx builds the site: ``sphinx-build -W docs docs/_build`` (extra ``docs``)."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

from rolegraph._version import __version__  # noqa: E402

project = "rolegraph"
author = "rolegraph contributors"
copyright = "rolegraph contributors; code MIT, ontology and queries CC BY 4.0"
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "rolegraph_docs",
]
exclude_patterns = ["_build", "_ext", "_templates"]
templates_path = ["_templates"]

# Pages are written for a code-hosting site, where headings are anchors and links name files.
myst_heading_anchors = 4
# The notebooks show what they were committed with; tests/test_notebooks.py keeps that current.
nb_execution_mode = "off"
# Mistakes that %%sparql points at are text, not tracebacks.
nb_render_error_lexer = "none"
# No widget without a kernel: what a value shows as HTML is whole, and works offline.
nb_ipywidgets_js = {}
nb_mime_priority_overrides = [
    ("html", "text/html", 0),
    ("html", "image/svg+xml", 5),
    ("html", "application/vnd.jupyter.widget-view+json", None),
    ("html", "application/javascript", None),
]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
napoleon_google_docstring = False
# The attributes of a value are a list, not objects of their own beside the dataclass's fields.
napoleon_use_ivar = True
napoleon_use_rtype = False
maximum_signature_line_length = 88
add_module_names = False
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"rolegraph {__version__}"
html_static_path = ["_static"]
html_css_files = ["rolegraph.css"]
html_show_sourcelink = False
html_copy_source = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/explorer.html",
        "sidebar/scroll-end.html",
    ]
}
html_theme_options = {
    "sidebar_hide_name": False,
    "light_css_variables": {
        "color-brand-primary": "#00568f",
        "color-brand-content": "#00568f",
        "color-brand-visited": "#6b3f87",
    },
    "dark_css_variables": {
        "color-brand-primary": "#7fc4f5",
        "color-brand-content": "#7fc4f5",
        "color-brand-visited": "#cfa6e8",
    },
}

# The prompts of examples, and what they print, stay behind when an example is copied.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
