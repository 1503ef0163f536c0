"""Notifications: who is to get which letter, and how it leaves."""
