"""A session: number, dates, venue and meetings; postponed, reconvened, cancelled."""

from domain.session.session import Session as Session
from domain.session.session import SessionPart as SessionPart
