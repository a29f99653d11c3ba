"""Floor 1: frozen types that the stages hand to one another.

Fields (what an import may bring and a condition may ask), conditions, playbooks, and the values that stages return. Nothing here
computes; everything a user wrote keeps its span. Imports `pdo.core` only.
"""
