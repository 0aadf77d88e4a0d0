# `cmake --install build --prefix FOLDER` makes a tree that may be moved as a whole:
#   bin/hires-studio
#   lib/hires-studio/                 the program's own libraries; the engine is opened from beside them
#   lib/hires-studio/torch, nvidia    a fetched libtorch, in the layout in which its libraries find each other
#   share/hires-studio/               CLIP's vocabulary, the demo model
# `cpack` in the build folder makes a Debian package and an archive of it. Qt, OpenCV and the other libraries stay
# the system's.

if(NOT TARGET hires-studio)
    return()
endif()

set(private_libraries "${CMAKE_INSTALL_LIBDIR}/hires-studio")
file(RELATIVE_PATH from_program "/${CMAKE_INSTALL_BINDIR}" "/${private_libraries}")

install(TARGETS hires-studio RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
set_target_properties(hires-studio PROPERTIES INSTALL_RPATH "$ORIGIN/${from_program}")
foreach(library studio_base studio_engine studio_ui)
    set(type "")
    if(TARGET ${library})
        get_target_property(type ${library} TYPE)
    endif()
    if(type STREQUAL "SHARED_LIBRARY")
        install(TARGETS ${library} LIBRARY DESTINATION "${private_libraries}" NAMELINK_SKIP)
        set_target_properties(${library} PROPERTIES INSTALL_RPATH "$ORIGIN;$ORIGIN/torch/lib")
    endif()
endforeach()

# A libtorch of the system's package stays where it is; any other goes along.
option(STUDIO_BUNDLE_LIBTORCH "Install libtorch with the program" ON)
cmake_path(GET LibTorch_LIBRARY_DIR PARENT_PATH torch_prefix)
if(STUDIO_BUNDLE_LIBTORCH AND NOT torch_prefix MATCHES "^/usr(/lib)?$")
    set(libraries_only FILES_MATCHING PATTERN "lib*.so*"
        PATTERN "libtorch_python*" EXCLUDE PATTERN "libshm*" EXCLUDE PATTERN "*_test.so" EXCLUDE
        PATTERN "libaoti_custom_ops.so" EXCLUDE PATTERN "libbackend_with_compiler.so" EXCLUDE)
    install(DIRECTORY "${LibTorch_LIBRARY_DIR}/" DESTINATION "${private_libraries}/torch/lib" ${libraries_only})
    cmake_path(GET torch_prefix PARENT_PATH wheel_folder)
    if(EXISTS "${wheel_folder}/torch.libs")
        install(DIRECTORY "${wheel_folder}/torch.libs" DESTINATION "${private_libraries}")
    endif()
    foreach(folder IN LISTS STUDIO_LIBTORCH_EXTRA_DIRS)
        file(RELATIVE_PATH place "${wheel_folder}" "${folder}")
        install(DIRECTORY "${folder}/" DESTINATION "${private_libraries}/${place}" ${libraries_only})
    endforeach()
    file(GLOB licences "${wheel_folder}/*.dist-info")
    if(licences)
        install(DIRECTORY ${licences} DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/hires-studio/libraries"
            FILES_MATCHING PATTERN "*LICENSE*" PATTERN "*NOTICE*" PATTERN "*License*")
    endif()
endif()

set(program_data "${CMAKE_INSTALL_DATADIR}/hires-studio")
install(FILES "${STUDIO_VOCABULARY}" DESTINATION "${program_data}")
if(EXISTS "${CMAKE_SOURCE_DIR}/resources/demo_model")
    install(DIRECTORY "${CMAKE_SOURCE_DIR}/resources/demo_model" DESTINATION "${program_data}")
endif()
set(desktop "${CMAKE_SOURCE_DIR}/packaging/desktop")
install(FILES "${desktop}/hires-studio.svg" DESTINATION "${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps")
if(TARGET studio_ui)
    install(FILES "${desktop}/studio.hires.HiresStudio.desktop" DESTINATION "${CMAKE_INSTALL_DATADIR}/applications")
    install(FILES "${desktop}/studio.hires.HiresStudio.metainfo.xml" DESTINATION "${CMAKE_INSTALL_DATADIR}/metainfo")
endif()

set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_PACKAGE_NAME "hires-studio")
set(CPACK_PACKAGE_VENDOR "Hires Studio")
set(CPACK_PACKAGE_CONTACT "The Hires Studio maintainers")
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_BINARY_DIR}/packages")
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)  # libtorch is large: ten times as fast as xz
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
    "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}" "${LibTorch_LIBRARY_DIR}" ${STUDIO_LIBTORCH_EXTRA_DIRS})
# What Qt loads as a plug-in, no tool sees.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins, qt6-image-formats-plugins, libqt6svg6")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-inter")
include(CPack)
