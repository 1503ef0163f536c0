"""Log-in by services that prove who somebody is (OpenID Connect)."""
