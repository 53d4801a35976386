"""Reports as static HTML: one page a student and one for the class, which work from a folder and without network."""
