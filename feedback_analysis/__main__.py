"""Lets ``python -m feedback_analysis`` do what the command ``feedback-analysis`` does."""

from feedback_analysis.cli import main

if __name__ == "__main__":
    main()
