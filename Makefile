# Build, grade, test and serve the course. Each target works from a fresh clone with Python 3.11 to
# 3.13, git and make; what is up to date is not done again.

PYTHON ?= python3
BIN := .venv/bin
export TF_CPP_MIN_LOG_LEVEL := 3
export TF_ENABLE_ONEDNN_OPTS := 0

.PHONY: course book exercises class release serve test test-fast bench lint requirements clean

course: book class release  ## everything: the book, the notebooks, a graded class
	@echo
	@echo "Book:      build/book/_build/html/index.html"
	@echo "Notebooks: exercises/, and for learners as zip files in build/release/"
	@echo "Feedback:  build/class/feedback/, a folder for each learner"
	@echo "To read the book and the feedback in a browser: make serve"

book: .venv/installed build/attacks.json  ## the book, every cell executed
	$(BIN)/python -m course.book

# What the attacks of evidence/attacks do to nbgrader alone, and to this grader: a table of the book.
build/attacks.json: .venv/installed nbgrader_config.py \
		$(wildcard autograder/*.py autograder/*/*.py evidence/attacks/*.py) \
		| bubblewrap
	$(BIN)/python -m evidence.attacks

exercises: build/exercises  ## the learners' notebooks, from solutions/

build/exercises: .venv/installed nbgrader_config.py course/exercises.py \
		$(wildcard solutions/*/*.py course/checks/*.py)
	$(BIN)/python -m course.exercises
	@touch $@

class: exercises bubblewrap  ## a sample class through nbgrader's whole loop, and its grades
	$(BIN)/python -m evidence.sample_class

release: build/released  ## one zip for each assignment, in build/release/

build/released: build/exercises course/release.py
	$(BIN)/python -m course.release
	@touch $@

serve: book class  ## the book and the feedback, on this machine only
	@mkdir -p build/site
	@ln -sfn ../book/_build/html build/site/book
	@ln -sfn ../class/feedback build/site/feedback
	@echo "http://127.0.0.1:8000/book/  and  http://127.0.0.1:8000/feedback/  (Ctrl-C stops)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site 8000

test: .venv/installed chromium postgresql lint book class  ## everything that is tested
	$(BIN)/python -m pytest -n 2 --dist loadgroup

test-fast: .venv/installed lint  ## what a developer runs at every change: under a minute
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

bench: .venv/installed build/exercises bubblewrap  ## speed against stock nbgrader: 20 minutes
	@$(BIN)/python -m evidence.bench

lint: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check course autograder evidence tests nbgrader_config.py

requirements: .venv/installed  ## pin pyproject.toml's dependencies anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-annotate --upgrade --custom-compile-command "make requirements" --quiet \
		--output-file requirements.txt

clean:  ## forget everything built, but not the virtual environment
	rm -rf build

.venv/installed: requirements.txt
	@.ci/system-packages venv "$(PYTHON)"
	@echo "Installing the pinned packages into .venv (about 2 GB, a few minutes)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --require-hashes --requirement requirements.txt
	@touch $@

.PHONY: chromium bubblewrap postgresql
chromium bubblewrap postgresql:
	@.ci/system-packages $@
