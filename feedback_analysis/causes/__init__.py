"""Root causes: what buyers complain about, comment by comment."""
