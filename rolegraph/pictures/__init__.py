"""Pictures: drawn as SVG without any program, written as Mermaid and DOT, and told in words.

They are made from plain data (labels, kinds), so nothing here knows of graphs, routes or plans;
those know how to make their picture.

>>> import rolegraph as rg
>>> picture = rg.load().route("Project Manager", "Delivery Director").picture()
>>> picture
<LineMap: Project Manager → Delivery Director>
>>> picture.svg(width=400)[:4]
'<svg'
"""

from rolegraph.pictures._data import Link, Mark, Stop
from rolegraph.pictures._picture import Picture
from rolegraph.pictures.ladder import Ladder
from rolegraph.pictures.linemap import LineMap
from rolegraph.pictures.neighbourhood import Neighbourhood
from rolegraph.pictures.rolemap import RoleMap
from rolegraph.pictures.routesmap import RoutesMap
from rolegraph.pictures.sides import Aspect, Sides
from rolegraph.pictures.tradeoff import Point, TradeOff
from rolegraph.pictures.triples import Triples

__all__ = [
    "Aspect",
    "Ladder",
    "LineMap",
    "Link",
    "Mark",
    "Neighbourhood",
    "Picture",
    "Point",
    "RoleMap",
    "RoutesMap",
    "Sides",
    "Stop",
    "TradeOff",
    "Triples",
]
