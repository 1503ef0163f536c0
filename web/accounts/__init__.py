"""Pages of accounts: log-in, one's own account, invitations, and the accounts of all."""
