open("/tmp/backpass-attack-planted_modules", "w").close()
