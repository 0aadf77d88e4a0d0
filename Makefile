# Two commands do everything from nothing:  make run  and  make test.
# This file only names the steps; packaging/ holds what they do, CMake builds.
#
#   JOBS=N               compilers at once (default: by cores and memory)
#   CMAKE_ARGS=...       further arguments to CMake
#   CI=true              warnings are errors
#   STUDIO_DEPS, STUDIO_TORCH, CMAKE_PREFIX_PATH: see packaging/setup/setup.sh

JOBS ?= $(shell packaging/setup/jobs.sh)
CTEST_ARGS ?=
configure_arguments := -DSTUDIO_WARNINGS_AS_ERRORS=$(if $(filter true 1,$(CI)),ON,OFF) $(CMAKE_ARGS)

.PHONY: build setup run test test-full lint lint-all format bench python clean distclean help
.DEFAULT_GOAL := build

help:            ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

setup:           ## bring what the build needs: Debian packages, libtorch, CLIP's vocabulary
	@packaging/setup/setup.sh

build: setup     ## build everything, into build/
	@packaging/setup/configure.sh release build $(configure_arguments)
	@cmake --build build --parallel $(JOBS)

run: build       ## open the window; without a display, write pictures to output/
	@packaging/run.sh

test: build      ## every test but the slow ones
	@ctest --preset release $(CTEST_ARGS)

test-full: build ## every test, the slow ones too
	@ctest --preset full $(CTEST_ARGS)

lint: build      ## read what changed since the main branch: format, clang-tidy, clazy, the project's checks
	@packaging/setup/setup.sh lint
	@packaging/checks/lint.sh

lint-all: build  ## the same for every file
	@packaging/setup/setup.sh lint
	@packaging/checks/lint.sh --all

format:          ## format the sources in place
	@packaging/setup/setup.sh lint
	@packaging/checks/lint.sh --fix

bench: build     ## measure how fast the parts are on this machine
	@for program in build/bin/bench_*; do echo "== $${program##*/}"; QT_QPA_PLATFORM=offscreen "$$program" || exit; done

python: setup    ## Python packages for reference vectors, training and benchmarks, into build/python
	@packaging/setup/python.sh

clean:           ## remove what was built; downloads stay
	@if [ -f build/build.ninja ]; then cmake --build build --target clean; fi
	@rm -rf build-dev build-asan build-tsan build-fuzz

distclean:       ## remove everything, downloads too
	@rm -rf build build-dev build-asan build-tsan build-fuzz
