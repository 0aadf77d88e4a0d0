# Finds libtorch (2.6 or newer) without its own package files: those of a CUDA build ask for a CUDA toolkit, which a
# machine that only runs the program does not have.
#
# Looked for in CMAKE_PREFIX_PATH: an unpacked download (PREFIX/include, PREFIX/lib), an unpacked wheel or a Python
# environment's site-packages (PREFIX/torch/include), or a distribution's package. Then where the set-up put its own
# (STUDIO_LIBTORCH_PREFIX, see setup_record.cmake).
#
# Makes the imported target LibTorch::LibTorch and sets LibTorch_VERSION and LibTorch_LIBRARY_DIR.

find_path(LibTorch_INCLUDE_DIR ATen/ATen.h HINTS "${STUDIO_LIBTORCH_PREFIX}" PATH_SUFFIXES include torch/include)
find_library(LibTorch_LIBRARY torch HINTS "${STUDIO_LIBTORCH_PREFIX}" PATH_SUFFIXES lib torch/lib)
find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS "${STUDIO_LIBTORCH_PREFIX}" PATH_SUFFIXES lib torch/lib)
find_library(LibTorch_C10_LIBRARY c10 HINTS "${STUDIO_LIBTORCH_PREFIX}" PATH_SUFFIXES lib torch/lib)
find_library(LibTorch_CUDA_LIBRARY torch_cuda HINTS "${STUDIO_LIBTORCH_PREFIX}" PATH_SUFFIXES lib torch/lib)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda HINTS "${STUDIO_LIBTORCH_PREFIX}" PATH_SUFFIXES lib torch/lib)
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_LIBRARY LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY
    LibTorch_CUDA_LIBRARY LibTorch_C10_CUDA_LIBRARY)

if(LibTorch_INCLUDE_DIR)
    foreach(header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
        if(EXISTS "${LibTorch_INCLUDE_DIR}/${header}" AND NOT LibTorch_VERSION)
            file(STRINGS "${LibTorch_INCLUDE_DIR}/${header}" _lines REGEX "TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
            string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*PATCH ([0-9]+).*" "\\1.\\2.\\3"
                LibTorch_VERSION "${_lines}")
        endif()
    endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
    REQUIRED_VARS LibTorch_LIBRARY LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
    VERSION_VAR LibTorch_VERSION)

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
    get_filename_component(LibTorch_LIBRARY_DIR "${LibTorch_CPU_LIBRARY}" DIRECTORY)
    add_library(LibTorch::LibTorch INTERFACE IMPORTED)
    target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE
        "${LibTorch_INCLUDE_DIR}" "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
    target_link_libraries(LibTorch::LibTorch INTERFACE ${LibTorch_CPU_LIBRARY} ${LibTorch_C10_LIBRARY})
    if(LibTorch_CUDA_LIBRARY)
        # Nothing of ours names a symbol of the CUDA library, but loading it registers the device: keep it linked.
        target_link_libraries(LibTorch::LibTorch INTERFACE
            -Wl,--no-as-needed ${LibTorch_CUDA_LIBRARY} ${LibTorch_C10_CUDA_LIBRARY} -Wl,--as-needed)
    endif()
    # at::parallel_for is OpenMP code in a header: serial unless compiled with -fopenmp. The run-time library must be
    # the one torch itself uses (wheels bring their own), or two thread pools fight for the cores.
    file(GLOB _openmp "${LibTorch_LIBRARY_DIR}/libgomp*.so*")
    if(NOT _openmp)
        set(_openmp gomp)
    endif()
    target_compile_options(LibTorch::LibTorch INTERFACE -fopenmp)
    target_link_libraries(LibTorch::LibTorch INTERFACE ${_openmp})
endif()
