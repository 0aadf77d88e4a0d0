#include "core/base/error.h"

#include <filesystem>
#include <new>
#include <system_error>

namespace studio {

namespace {

ErrorKind kindOf(const std::error_code& code)
{
    if (code == std::errc::no_space_on_device)
        return ErrorKind::DiskFull;
    if (code == std::errc::no_such_file_or_directory)
        return ErrorKind::FileMissing;
    return ErrorKind::BadInput;
}

} // namespace

Failure describe(std::exception_ptr exception) noexcept
{
    try {
        std::rethrow_exception(exception);
    } catch (const Error& error) {
        return {error.kind(), error.what()};
    } catch (const std::bad_alloc&) {
        return {ErrorKind::OutOfMemory, "Memory ran out; close other programs or choose a smaller size."};
    } catch (const std::filesystem::filesystem_error& error) {
        return {kindOf(error.code()), error.path1().string() + ": " + error.code().message() + "."};
    } catch (const std::system_error& error) {
        return {kindOf(error.code()), std::string("The system refused: ") + error.what() + "."};
    } catch (const std::exception& error) {
        return {ErrorKind::Internal, std::string("Something inside the program failed: ") + error.what()};
    } catch (...) {
        return {ErrorKind::Internal, "Something inside the program failed without saying what."};
    }
}

} // namespace studio
