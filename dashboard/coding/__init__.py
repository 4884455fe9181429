"""The page /code: from a pasted live feed to events on the map, with a person's last word."""
