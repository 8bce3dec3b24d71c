"""Presets, and the choices that a fit makes where parameters leave it open, with reasons."""
