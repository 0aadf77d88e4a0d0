#pragma once

#include "core/api/job_context.h"
#include "ui/main_window/window_actions.h"
#include "ui/widgets/notice.h"

#include <QMainWindow>

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QVBoxLayout;

namespace studio::ui {

class Closing;
class CompareView;
class ComparisonBar;
class EmptyPage;
class FileOpener;
class Filmstrip;
class FoldGroup;
class GalleryPage;
class GenerateFooter;
class ModeBar;
class PastedPictures;
class NoticeStack;
class PlanStrip;
class PromptPanel;
class QueueCommands;
class RunningTile;
class SaveCommands;
class SeedRow;
class StatusLine;
class StudioController;
class SweepCommands;
class TakeCommands;
class TakePanel;
struct CompareLayer;
struct FoundRequest;

/// The window: what is asked for on the left, the picture in the middle, the take on the right. It lays out and
/// connects; what happens is decided by the controller.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(StudioController& controller, QWidget* parent = nullptr);
    ~MainWindow() override;

    CompareView& view() const { return *m_view; }
    PromptPanel& promptPanel() const { return *m_prompts; }
    GenerateFooter& footer() const { return *m_footer; }
    PlanStrip& planStrip() const { return *m_strip; }
    ModeBar& modeBar() const { return *m_modes; }
    SeedRow& seedRow() const { return *m_seed; }
    /// What became of the last run or command. Others stand in `notices()`.
    Notice& notice() const { return *m_notice; }
    NoticeStack& notices() const { return *m_notices; }
    Filmstrip& filmstrip() const { return *m_filmstrip; }
    StatusLine& statusLine() const { return *m_status; }
    QueueCommands& queue() const { return *m_queue; }
    SweepCommands& sweep() const { return *m_sweep; }
    const WindowActions& actions() const { return *m_actions; }
    TakeCommands& takeCommands() const { return *m_takeCommands; }
    ComparisonBar& comparison() const { return *m_comparison; }
    GalleryPage* gallery() const { return m_gallery; } ///< null before it was opened for the first time
    FoldGroup* panel(const QString& id) const { return m_panels.value(id); }

    /// The take that is looked at; null: none yet, or the run in progress is.
    const std::shared_ptr<const Take>& take() const { return m_take; }
    TakePanel& takePanel() const { return *m_takePanel; }
    RunningTile& runningTile() const { return *m_running; }
    std::string takeId() const; ///< its id in the store; empty: it is not kept
    /// Shows two cells of the sheet; no take is then the one that is looked at.
    void compare(std::vector<CompareLayer> layers);
    void run(Command command);
    /// Opens a picture, settings or a checkpoint, whatever the file is.
    void openFile(const QString& path);
    /// For whoever ends the program from outside: closes as soon as a run has stopped, asks nothing, and loses nothing
    /// that can be written.
    void closeUnasked();
    /// The desktop's session is about to end: everything is on the disk from here on, and closing asks nothing.
    void prepareForEnd();

Q_SIGNALS:
    /// Once, after the window has been on the screen for the first time.
    void firstPainted();

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* makeLeftColumn();
    QWidget* makeCentre();
    QWidget* makeFilmstrip(QWidget* parent);
    QWidget* makeRightColumn();
    void fillMenus();
    void connectController();
    void connectRun();
    void connectSaver();
    void connectOpener();
    void connectPasting();
    void connectQueue();
    void connectTakes();

    void setGalleryOpen(bool open);
    void updateTakes(); ///< the filmstrip, and what the commands act on
    void openTake(const std::string& id, std::optional<std::size_t> run = {});
    void openLastTake();
    void escape();
    void useSettings();
    void runOnSettings(Command command);
    void nameUndo();
    void paste();
    void pasteSettings(const QString& text);
    void offerSettingsIn(const QString& text);
    void takeOver(Request request, const QString& what, const QStringList& notTaken,
        std::vector<Notice::Remedy> remedies = {});
    void takeOverFile(const FoundRequest& found);
    /// `with`: settings to begin with; null: those in the controls.
    void startFromPicture(const QString& path, const Request* with = nullptr);
    void useAdapter(const QString& path);
    void useEmbedding(const QString& path);
    void useUpscaler(const QString& path);
    void showPlan();
    void showExamples();
    void tryExample(const QString& prompt);
    void beginRun();
    const PlannedStage* runningStage(int index) const; ///< null: the plan has none of that number
    void followRun();                                  ///< back to the run in progress
    void bringRunInSight();
    void leaveComparison(); ///< of two takes
    void leaveCells();      ///< back to their sheet
    void showPreview();     ///< the last one of the run
    void showNumbers();     ///< of the comparison, in the take's panel
    void showTake(std::shared_ptr<const Take> take);
    void finish(const std::shared_ptr<const Take>& take);
    void sayEnding(const Take& take);
    void sayNotKept(const Failure& failure);
    void sayNotSaved();
    void openByDialog();
    void updateColumns();
    void updateActions();
    void restore();

    StudioController& m_controller;
    WindowActions* m_actions = nullptr;
    TakeCommands* m_takeCommands = nullptr;
    SaveCommands* m_saving = nullptr;
    Closing* m_closing = nullptr;
    QueueCommands* m_queue = nullptr;
    SweepCommands* m_sweep = nullptr;
    FileOpener* m_opener = nullptr;
    PastedPictures* m_pasted = nullptr;
    QWidget* m_left = nullptr;
    QWidget* m_right = nullptr;
    PromptPanel* m_prompts = nullptr;
    ModeBar* m_modes = nullptr;
    SeedRow* m_seed = nullptr;
    GenerateFooter* m_footer = nullptr;
    QHash<QString, FoldGroup*> m_panels;
    PlanStrip* m_strip = nullptr;
    NoticeStack* m_notices = nullptr;
    Notice* m_notice = nullptr; ///< about what was done last
    CompareView* m_view = nullptr;
    EmptyPage* m_empty = nullptr;
    QVBoxLayout* m_canvasColumn = nullptr;
    ComparisonBar* m_comparison = nullptr;
    GalleryPage* m_gallery = nullptr;
    QWidget* m_takesRow = nullptr;
    RunningTile* m_running = nullptr;
    Filmstrip* m_filmstrip = nullptr;
    TakePanel* m_takePanel = nullptr;
    StatusLine* m_status = nullptr;
    std::shared_ptr<const Take> m_take;
    std::string m_takeId;                 ///< of m_take in the lists; empty: none
    std::shared_ptr<const Take> m_newest; ///< the last one made
    std::shared_ptr<const Take> m_before; ///< what was looked at before the run came in sight
    std::optional<Plan> m_runPlan;        ///< of the run in progress
    std::optional<Preview> m_preview;     ///< the last one of the run in progress
    bool m_following = false;  ///< the run's previews are shown; false once the person looks at another take
    bool m_runInSight = false; ///< they are: the window is about the run, and about no take
    /// An older take is looked at, or two are compared: the queue does not push its pictures before them.
    bool m_browsing = false;
    bool m_cells = false;   ///< two cells of the sheet are compared
    bool m_ofQueue = false; ///< the run in progress is one of the queue's
    bool m_ended = false;   ///< the strip shows how the last run ended, until something is changed
    bool m_painted = false;
    QSize m_placed; ///< the size the window gave itself at first
    bool m_roomForRight = true;
};

} // namespace studio::ui
