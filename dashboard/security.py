"""Headers that keep the page to its own host, and limits on what is sent to it."""

from dash import Dash
from flask_talisman import Talisman

from dashboard.settings import Settings

LARGEST_REQUEST = 1_000_000  # bytes; a change of the page sends some 5 kB


def protect(app: Dash, settings: Settings) -> None:
    """Set a strict content policy (no other host), frame and referrer rules, and bound requests."""
    app.server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    Talisman(
        app.server,
        force_https=settings.https,
        strict_transport_security=settings.https,
        session_cookie_secure=settings.https,
        referrer_policy="same-origin",
        content_security_policy={
            "default-src": "'self'",
            "script-src": ["'self'", *app.csp_hashes()],
            "style-src": ["'self'", "'unsafe-inline'"],  # plotly.js writes its rules into the page
            "img-src": ["'self'", "data:", "blob:"],
            "worker-src": ["'self'", "blob:"],  # MapLibre's workers
            "connect-src": "'self'",
            "object-src": "'none'",
            "base-uri": "'self'",
            "frame-ancestors": "'self'",
        },
    )
