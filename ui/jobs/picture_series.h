#pragma once

#include "core/api/request.h"
#include "core/api/take.h"

#include <QObject>

#include <memory>

namespace studio::ui {

class StudioController;

/// Makes several pictures of one request, one after another, each with the seed after the one before. The next is begun
/// when one is done: nothing waits in a list. A picture that is cancelled, that fails or that cannot be kept ends the
/// series; what the queue holds comes first whenever a picture ends. Lives on the thread of the window.
class PictureSeries : public QObject {
    Q_OBJECT

public:
    static constexpr int kUntilStopped = 0;

    explicit PictureSeries(StudioController& controller, QObject* parent = nullptr);

    /// How many the next series makes, or kUntilStopped. Kept in the settings, unless it has no end.
    int wanted() const { return m_wanted; }
    void setWanted(int count);
    /// As many pictures as are wanted. Nothing happens while something runs.
    void start(const Request& request);
    /// After the present picture.
    void stop();

    bool isActive() const { return m_active; }
    /// Whether the picture being made is one of the series, and not its first.
    bool isFollowing() const { return m_active && m_isOurs && m_begun > 1; }
    /// "2 of 4", or "2" of a series without an end; empty: there is none, or it is a single picture.
    QString position() const;

Q_SIGNALS:
    void changed();
    /// It ended before it was done, or was stopped; a sentence.
    void ended(const QString& sentence);

private:
    void next();
    void goOn();
    void finish(const Take& take);
    void end(const QString& sentence = {});
    bool hasRoom() const;

    StudioController& m_controller;
    Request m_request;
    int m_wanted = 1;
    int m_count = 1; ///< of the present series
    int m_begun = 0;
    bool m_active = false;
    bool m_isOurs = false;  ///< the run in progress
    bool m_notKept = false; ///< of that run
};

} // namespace studio::ui
