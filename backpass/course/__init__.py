"""What the course is: its manifest, quizzes, stubs and editions.

Everybody may read these; nothing here runs a student's code or knows who asks.
"""
