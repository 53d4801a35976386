"""Grading on many machines with Dask: `head` shares out submissions, `node` and `server` grade them."""
