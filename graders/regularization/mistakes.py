"""Known mistakes of the unit regularization: short wrong solutions, and what to tell whoever wrote one."""
