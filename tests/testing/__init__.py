"""The examples of playbooks, run."""
