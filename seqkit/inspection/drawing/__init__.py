"""Figures that pictures are drawn on."""
