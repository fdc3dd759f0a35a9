"""Shops that do not fit into memory: their rows stay where they are, and what is needed is taken.

Complaints are rows; everything that they are divided by is a tally.
"""
