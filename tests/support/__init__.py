"""What several tests need: facts in memory, projects from text."""
