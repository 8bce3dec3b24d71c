"""The same models written in torch, to time ours beside."""
