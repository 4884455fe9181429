"""The shipped events and the codebook, with their sources."""
