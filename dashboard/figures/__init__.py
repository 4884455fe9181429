"""What the store answers → plotly figures as plain dicts (pure: the same values give the same figure)."""
