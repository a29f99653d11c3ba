"""A simulated year of a shop: a driver that works it through the program, and a checker that knows nothing of the program."""
