#pragma once

#include "core/api/take.h"
#include "core/api/take_store.h"

#include <QCoreApplication>
#include <QWidget>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

class QVBoxLayout;

namespace studio::ui {

class ComparisonNumbers;

/// What one take holds: its layers, the times of its stages, its numbers and its recipe.
class TakePanel : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::TakePanel)

public:
    explicit TakePanel(QWidget* parent = nullptr);

    void setTake(const std::shared_ptr<const Take>& take); ///< null: none yet
    /// In place of a take: the run that is being made, once it is planned.
    void setRun(const std::optional<Plan>& plan);
    /// What the store knows of the take that is shown: its files, and the runs beside the one that is shown.
    void setStored(const StoredTake& stored);
    /// The numbers of what is compared, beside those of the take; see ComparisonNumbers.
    ComparisonNumbers& comparison() const { return *m_comparison; }
    /// The person wants to see another run of the take, or the newest two beside one another.
    std::function<void(const std::string& id, std::size_t run)> runWanted;
    std::function<void(const StoredTake& take)> comparisonWanted;
    /// The built-in model's folder: it is named by what it is.
    void setBuiltInModel(const QString& folder) { m_builtInModel = folder; }
    /// Actions to offer below the layers: `main` with their icon texts, `others` as icons.
    void setActions(const QList<QAction*>& main, const QList<QAction*>& others)
    {
        m_mainActions = main;
        m_actions = others;
    }

private:
    void beginContent();
    void addWords(const QString& words);
    void addTitle(const QString& text);
    void addLayers(const Take& take);
    void addRow(const QString& name, const QString& value);
    void addStages(const Take& take);
    void addNumbers(const Take& take);
    void addRecipe(const Take& take);
    void addButtons();
    void addRuns(const StoredTake& stored);
    void addFiles(const StoredTake& stored);

    std::shared_ptr<const Take> m_take;
    QVBoxLayout* m_column = nullptr;
    QWidget* m_content = nullptr;
    ComparisonNumbers* m_comparison = nullptr;
    QList<QAction*> m_mainActions;
    QList<QAction*> m_actions;
    QString m_builtInModel;
};

/// The settings that made a take, in words.
QString recipeInWords(const Take& take, const QString& builtInModel = {});

} // namespace studio::ui
