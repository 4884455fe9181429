"""From a report to events by the codebook, each with the words that made it so.

Pure: gazetteer and codebook are passed in; rules and dictionaries are the files in `data/`, for an analyst to read and
extend.
"""

from events.coder.coder import Coder
from events.coder.proposal import Mark, Proposal
from events.coder.rules import Rules, RulesError, load_rules

__all__ = ["Coder", "Mark", "Proposal", "Rules", "RulesError", "load_rules"]
