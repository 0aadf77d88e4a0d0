#include "app/cli/serve_command.h"

#include "app/cli/generate_command.h"
#include "app/cli/option_values.h"
#include "app/cli/take_options.h"
#include "app/interruption.h"
#include "app/process_setup.h"
#include "app/recording_engine.h"
#include "app/resources.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>

namespace studio::cli {

namespace {

constexpr const char* kService = "Service";
constexpr const char* kKeyVariable = "HIRES_STUDIO_API_KEY";

Apply adds(std::vector<std::string>& list)
{
    return [&list](const std::string& given) { list.push_back(given); };
}

/// An origin is a scheme, a host and perhaps a port; browsers compare it letter by letter.
Apply addsOrigin(std::vector<std::string>& list)
{
    return [&list](const std::string& given) {
        const std::size_t scheme = given.find("://");
        const bool complete = scheme != std::string::npos && scheme > 0 && given.size() > scheme + 3;
        if (given != "null" && (!complete || given.find('/', scheme + 3) != std::string::npos))
            throw UsageError(
                "\"" + given + "\" is no origin such as https://example.org or http://localhost:5173.");
        list.push_back(given);
    };
}

std::string ownName()
{
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string addressText(const std::string& host, int port)
{
    const bool isIpv6 = host.find(':') != std::string::npos;
    return "http://" + (isIpv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

int serveUntilStopped(
    http::Server& server, const Interruption& interruption, const http::ServerSettings& settings)
{
    if (!server.bind()) {
        std::cerr << settings.host << ":" << settings.port
                  << " cannot be used: the address is not this machine's, or another program has the port."
                  << std::endl;
        return kFailed;
    }
    std::cerr << "Listening on " << addressText(settings.host, server.port()) << std::endl;
    const std::stop_callback stop(interruption.token(), [&server] { server.stop(); });
    server.run();
    std::cerr << "The service has ended." << std::endl;
    return kDone;
}

} // namespace

ServeOptions::ServeOptions()
    : engine(defaultEngineOptions())
{
    if (const char* key = std::getenv(kKeyVariable))
        server.rules.apiKey = key;
}

CommandSyntax serveSyntax(ServeOptions& options)
{
    http::ServerSettings& s = options.server;
    CommandSyntax syntax{"serve",
        "Make pictures over HTTP: POST /generate, GET /health, and A1111's /sdapi/v1.", {}, {},
        {{"--host", "ADDRESS", kService,
             "address to listen on (127.0.0.1); any but this machine's own needs a key", text(s.host)},
            {"--port", "N", kService, "port (7860); 0 takes any that is free", integer(s.port, 0, 65535)},
            {"--api-key", "KEY", kService,
                std::string("callers must send it as Authorization: Bearer KEY; or set ") + kKeyVariable,
                text(s.rules.apiKey)},
            {"--cors", "ORIGIN", kService, "pages of this origin may call; may be given again",
                addsOrigin(s.rules.origins),
                /*repeats*/ true},
            {"--allow-host", "NAME", kService,
                "a name this service goes by, besides localhost and its addresses; may be "
                "given again",
                adds(s.rules.hosts), /*repeats*/ true},
            {"--queue", "N", kService, "pictures that may wait (8)", integer(options.queue, 0, 64)}}};
    append(syntax.options, takeRows(options.takes));
    append(syntax.options, modelRows(options.defaults));
    append(syntax.options, engineRows(options.engine));
    return syntax;
}

http::ServerSettings serverSettings(const ServeOptions& options)
{
    http::ServerSettings settings = options.server;
    if (!http::isLoopback(settings.host)) {
        if (settings.rules.apiKey.empty())
            throw UsageError("--host " + settings.host
                + " opens this service to other machines; give it a key with "
                  "--api-key KEY.");
        if (const std::string name = ownName(); !name.empty()) {
            settings.rules.hosts.push_back(name);
            settings.rules.hosts.push_back(name + ".local");
        }
    }
    settings.queue = static_cast<std::size_t>(options.queue);
    return settings;
}

int serve(const std::vector<std::string>& arguments)
{
    ServeOptions options;
    if (parse(serveSyntax(options), arguments, std::cout) == Parsed::HelpShown)
        return kDone;
    const http::ServerSettings settings = serverSettings(options);
    prepareProcessForNetworks();
    const Interruption interruption;
    std::shared_ptr<Engine> engine = openEngineOrSay(options.engine, std::cerr);
    if (!engine)
        return kFailed;
    if (!options.takes.folder.empty()) {
        const auto store = openStoreOrSay(options.takes, std::cerr);
        if (!store)
            return kFailed;
        engine = std::make_shared<RecordingEngine>(engine, store);
    }
    sayIfDemoModel(options.defaults, options.engine, std::cerr);
    auto facts = http::learnFacts(*engine, options.defaults);
    if (const Failure* failure = failureOf(facts)) {
        std::cerr << failure->detail << std::endl;
        return kFailed;
    }
    http::Server server(*engine, std::get<http::ModelFacts>(std::move(facts)), settings);
    return serveUntilStopped(server, interruption, settings);
}

} // namespace studio::cli
