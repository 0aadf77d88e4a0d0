# The border of the house, read from the includes:
#   app -> ui -> core/api <- core;  core/sampling knows no network;  core/api is std-only.
# Usage: cmake -DROOT=<source folder> -P check_border.cmake

set(failures "")

function(forbid where pattern why)
    set(files "")
    foreach(folder ${where})
        file(GLOB_RECURSE found "${ROOT}/${folder}/*.h" "${ROOT}/${folder}/*.cpp")
        list(APPEND files ${found})
    endforeach()
    foreach(file ${files})
        file(STRINGS "${file}" lines REGEX "^[ \t]*#[ \t]*include[ \t]*${pattern}")
        foreach(line ${lines})
            file(RELATIVE_PATH short "${ROOT}" "${file}")
            set(failures "${failures}\n  ${short}: ${line}   (${why})")
        endforeach()
    endforeach()
    set(failures "${failures}" PARENT_SCOPE)
endfunction()

forbid("ui;app" "[<\"](torch|ATen|c10|opencv2)/" "no torch or OpenCV above the border")
forbid("ui;app" "\"core/([^a]|a[^p])"
    "ui and app include core/api only")
forbid("core" "<Q[A-Z]" "no Qt in the core")
forbid("core" "\"(ui|app)/" "the core knows nothing above it")
forbid("ui" "\"app/" "ui knows nothing of app")
forbid("core/api" "[<\"](torch|ATen|c10|opencv2|nlohmann|spdlog)/" "core/api is std-only")
forbid("core/api" "\"core/([^a]|a[^p])"
    "core/api includes nothing else of the core")
forbid("core/sampling" "\"core/(models|pipeline|text|nn)/" "sampling knows no network")
forbid("core/sampling" "\"core/weights/([^f]|format/[^m])" "of the weights, sampling knows the scheduler's configuration")
forbid("core/base;core/image;core/request;core/text;core/weights/format" "[<\"](torch|ATen|c10)/"
    "this part of the core is free of torch")

# libtorch carries a fmt of its own among its headers, newer than the one the log library is built with.
forbid("core/nn;core/models;core/sampling;core/upscale;core/pipeline" "[<\"](fmt|spdlog)/"
    "files that see torch's headers must not see fmt")

if(failures)
    message(FATAL_ERROR "Includes across the border:${failures}")
endif()
