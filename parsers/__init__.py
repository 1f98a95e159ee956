"""One file per app and platform, plus the codecs that only that app needs."""
