"""Where marks go: one module for each format that others read."""
