"""Parts that recipes are made of; the recipes themselves are the scripts beside this folder."""
