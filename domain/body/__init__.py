"""A body: its names, its roster with dates and capacities, its rule pack and its calendar."""

from domain.body.body import Body as Body
from domain.body.body import Seat as Seat
