# studio_test(NAME [TORCH] [LABELS label...] [LIBRARIES target...]) builds NAME.cpp and registers it with ctest.
# TORCH: the test looks inside the engine; it shares the engine's precompiled header.
# Labels: unit (default), gui, gpu, slow (only `make test-full` runs slow ones).
function(studio_test name)
    cmake_parse_arguments(arg "TORCH" "" "LABELS;LIBRARIES;SOURCES" ${ARGN})
    add_executable(${name} ${name}.cpp ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE studio_settings studio_base Qt6::Test ${arg_LIBRARIES})
    target_compile_definitions(${name} PRIVATE
        STUDIO_SOURCE_DIR="${CMAKE_SOURCE_DIR}" STUDIO_BINARY_DIR="${CMAKE_BINARY_DIR}"
        STUDIO_VOCABULARY="${STUDIO_VOCABULARY}")
    if(arg_TORCH)
        target_link_libraries(${name} PRIVATE studio_engine LibTorch::LibTorch)
        # The precompiled header was made for a shared library: the same code generation flags, or gcc refuses it.
        set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
        target_compile_options(${name} PRIVATE -fPIC)
        target_precompile_headers(${name} REUSE_FROM studio_engine)
    endif()
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    add_test(NAME ${name} COMMAND ${name} -maxwarnings 0)
    # Qt ends a test function after five minutes by itself; on a busy machine one with many rows takes longer.
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 900
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;OMP_WAIT_POLICY=passive;QTEST_FUNCTION_TIMEOUT=900000")
endfunction()
