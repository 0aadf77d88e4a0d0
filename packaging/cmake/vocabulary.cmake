# CLIP's merges (bpe_simple_vocab_16e6.txt), which the set-up takes from a registry package: single-file checkpoints
# carry no tokenizer of their own.
set(_default "${CMAKE_SOURCE_DIR}/build/deps/clip/bpe_simple_vocab_16e6.txt")
if(STUDIO_SETUP_VOCABULARY)
    set(_default "${STUDIO_SETUP_VOCABULARY}")
endif()
set(STUDIO_VOCABULARY "${_default}" CACHE FILEPATH "CLIP's merges, as text")
if(NOT EXISTS "${STUDIO_VOCABULARY}" AND EXISTS "${_default}")
    set(STUDIO_VOCABULARY "${_default}" CACHE FILEPATH "CLIP's merges, as text" FORCE)
endif()
if(NOT EXISTS "${STUDIO_VOCABULARY}")
    message(FATAL_ERROR "CLIP's vocabulary is missing at ${STUDIO_VOCABULARY}. Run `make setup`, or set STUDIO_VOCABULARY.")
endif()
