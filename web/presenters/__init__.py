"""What pages show of agendas, windows and histories, made ready for templates."""
