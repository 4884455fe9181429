"""Every component id (leaf)."""

# The address, and what it asks for.
LOCATION = "location"
ASKED = "asked"  # an address to be opened: {search, n}
OPENED = "opened"  # what that address asked for, read by the server
QUERY = "query"  # the address of what is shown now
VIEWPORT = "viewport"  # what the map shows: {lat, lon, zoom, bbox}
DATES = "dates"  # the chosen days: [from, to], each ISO 8601 or null
FIRST = "first"  # by theme: the map before the first answer, and what DRAWN says of it
DRAWN = "drawn"  # theme and language in which the map was drawn last, and what the histogram was drawn of
SCALE = "scale"  # the slots of the date slider

# Choices. The lists of choices are drawn by assets/parts.js; what is chosen in them stands in CHOSEN.
CHOSEN = "chosen"  # key of the address → values
FACETS = "facets"  # the choices with their counts
TYPES = "types"
SUB_TYPES = "sub-types"
ACTORS = "actors"
CLAIMANTS = "claimants"
PLACES = "places"
PRECISIONS = "precisions"
WORDS = "words"
SEARCH = "search"
SOUGHT = "sought"  # what stands in the search box once nobody types
FOUND = "found"
ONLY_VIEW = "only-view"
NAMES = "names"
THEME = "theme"
THEME_BUTTON = "theme-button"

# Time.
SLIDER = "slider"
DATE_FROM = "date-from"
DATE_TO = "date-to"
STEP_BACK = "step-back"
STEP_ON = "step-on"
ALL_DAYS = "all-days"
PLAY = "play"
PLAY_MODE = "play-mode"
CLOCK = "clock"
DAYS_TEXT = "days-text"

# What is shown.
MAP = "map"
MAP_TEXT = "map-text"
TIMELINE = "timeline"
COUNTS = "counts"
REST = "rest"
CHIPS = "chips"
LISTED = "listed"  # the page of events that the list draws
LIST = "list"
DETAIL = "detail"
NOTICE = "notice"
PART = "part"  # said while only a part of the events is there
STATUS = "status"
DOWNLOADS = "downloads"
SHARE = "share"
SOURCE = "source"
FILE = "file"
FILE_REPORT = "file-report"
FILTERS_BUTTON = "filters-button"
EVENTS_BUTTON = "events-button"
DRAWERS = "drawers"
