"""What the browser loads; nothing here asks another host."""
