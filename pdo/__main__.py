"""`python -m pdo`."""

from pdo.cli import main

if __name__ == "__main__":
    main()
