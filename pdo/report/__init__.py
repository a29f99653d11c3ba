"""Floor 4, the stage that answers: read-only queries over the store, as frozen reports.

A session and names flow in, values of `pdo.model.reports` flow out. Phones leave it masked, moments as ISO text in the
project's zone. Imports no other stage.
"""
