"""The review page: reading and deciding in the browser, on this machine only.

Everything is rendered on the server and escaped in one place (``showing``); who may ask is decided in one
place (``access``). A case is open only while a page is made, and locked only while something is written.
"""
