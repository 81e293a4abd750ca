# Everything is in dev.py, which works without make. `make test ARGS="tests/oncall -x"` passes arguments on.
PYTHON ?= python3

.PHONY: demo test check soak bench setup lock
demo test check soak bench setup lock:
	@$(PYTHON) dev.py $@ $(ARGS)
