"""A silence procedure: approved unless somebody entitled objects before the deadline."""

from domain.silence.phase import Phase as Phase
from domain.silence.window import Window as Window
