from backpass.cli import app

app()
