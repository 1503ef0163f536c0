"""A session: number, dates, venue and meetings; postponed, reconvened, cancelled."""

from domain.session.session import Part as Part
from domain.session.session import Session as Session
