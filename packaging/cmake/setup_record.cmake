# Where `make setup` found or put libtorch and CLIP's vocabulary for this checkout: it writes build/setup.cmake. Whoever
# names both places on the command line needs no set-up.
#   STUDIO_LIBTORCH_PREFIX       holds include/ and lib/
#   STUDIO_LIBTORCH_EXTRA_DIRS   NVIDIA's library folders, with a CUDA build
#   STUDIO_SETUP_VOCABULARY      CLIP's merges
include("${CMAKE_SOURCE_DIR}/build/setup.cmake" OPTIONAL)

# Another libtorch than last time: forget what was found.
if(NOT "${STUDIO_LIBTORCH_PREFIX}" STREQUAL "${STUDIO_LIBTORCH_PREFIX_LAST}")
    foreach(name INCLUDE_DIR LIBRARY CPU_LIBRARY C10_LIBRARY CUDA_LIBRARY C10_CUDA_LIBRARY)
        unset(LibTorch_${name} CACHE)
    endforeach()
    set(STUDIO_LIBTORCH_PREFIX_LAST "${STUDIO_LIBTORCH_PREFIX}" CACHE INTERNAL "")
endif()

# The linker follows a CUDA build's libraries to NVIDIA's; so do the programs, as long as they run from the build tree.
foreach(folder IN LISTS STUDIO_LIBTORCH_EXTRA_DIRS)
    add_link_options("LINKER:-rpath-link,${folder}")
    list(APPEND CMAKE_BUILD_RPATH "${folder}")
endforeach()
