#pragma once

#include "ui/widgets/notice.h"

#include <QWidget>

#include <array>

namespace studio::ui {

/// What a message is about. A new one takes the place of an older one about the same, and of no other.
enum class NoticeCause { LastAct, Engine, NotSaved, NotKept };

/// The messages that stand at one place, one below another, each until its cause is settled or it is dismissed. As
/// high as what there is to say.
class NoticeStack : public QWidget {
public:
    explicit NoticeStack(QWidget* parent = nullptr);

    Notice& of(NoticeCause cause) const { return *m_notices[static_cast<std::size_t>(cause)]; }
    void dismiss(NoticeCause cause) { of(cause).hide(); }

private:
    std::array<Notice*, 4> m_notices{}; ///< in the order of the causes
};

} // namespace studio::ui
