"""The course as nbgrader assignments: notebooks made from the texts, and marks computed outside any notebook."""
