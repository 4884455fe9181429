"""The coder's rules and dictionaries: TOML files for an analyst to read and extend."""
