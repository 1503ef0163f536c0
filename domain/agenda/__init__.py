"""An agenda: its items, submission, approval, publication, adoption, and its report."""

from domain.agenda.agenda import Agenda as Agenda
