# Everything is in dev.py, which works without make. `make test ARGS="tests/oncall -x"` passes arguments on.
PYTHON ?= python3

.PHONY: demo test check soak setup lock
demo test check soak setup lock:
	@$(PYTHON) dev.py $@ $(ARGS)
