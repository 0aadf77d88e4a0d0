#pragma once

#include "core/api/log.h"

#include <QCoreApplication>
#include <QPlainTextEdit>

namespace studio::ui {

/// What the program says while it works, newest last. Lines come from any thread.
class LogPanel : public QPlainTextEdit {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::LogPanel)

public:
    static constexpr int kMostLines = 2000;

    explicit LogPanel(QWidget* parent = nullptr);
    ~LogPanel() override;

private:
    void append(const LogLine& line);

    int m_sink = 0;
};

} // namespace studio::ui
