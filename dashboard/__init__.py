"""The page and the API over a store of events."""

import os

# Read by Arrow when it is loaded: its own allocator keeps what is no longer needed.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
