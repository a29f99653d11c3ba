"""Floor 4, the stage that lets things leave: files that appear whole or not at all, safe to open in a spreadsheet, recorded.

Rows of texts and a session flow in, files and journal rows flow out. Imports no other stage.
"""
