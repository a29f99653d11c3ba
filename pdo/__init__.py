"""pdo: private-domain operations (私域运营) from the command line."""

__version__ = "0.1.0"
