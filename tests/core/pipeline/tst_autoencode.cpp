#include "core/base/error.h"
#include "core/base/system_memory.h"
#include "core/nn/attention.h"
#include "core/pipeline/autoencode.h"
#include "core/sampling/noise.h"
#include "core/weights/format/model_files.h"
#include "core/weights/load_weights.h"
#include "tests/support/oracle.h"

#include <ATen/ATen.h>
#include <QtTest>

using namespace studio;
using namespace studio::pipeline;
using studio::testing::Oracle;
using studio::testing::relativeError;
using studio::testing::tinyModel;

class TestAutoencode : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<models::Vae> m_vae;

private Q_SLOTS:
    void initTestCase()
    {
        const ModelFiles files = ModelFiles::open(tinyModel("tiny_base"));
        m_vae = std::make_unique<models::Vae>(files.vae);
        loadInto(*m_vae, files.vaeTensors, {}, "The autoencoder");
    }

    void tilesCoverASideAndOverlap_data()
    {
        QTest::addColumn<int>("length");
        for (const int length : {1, 12, 95, 96, 97, 128, 192, 193, 500})
            QTest::addRow("%d", length) << length;
    }
    void tilesCoverASideAndOverlap()
    {
        QFETCH(int, length);
        const TileGrid grid;
        const std::vector<std::int64_t> starts = tileStarts(length, grid);
        QCOMPARE(starts.front(), 0);
        if (length <= grid.tile) {
            QCOMPARE(starts.size(), std::size_t(1));
            return;
        }
        QCOMPARE(starts.back() + grid.tile, std::int64_t(length));
        for (std::size_t i = 1; i < starts.size(); ++i)
            QVERIFY(starts[i] - starts[i - 1] <= grid.tile - grid.overlap);
    }

    /// A tile sees less of the picture than the whole, so the results differ a little; at a seam the difference jumps
    /// from one row to the next. Tiles that hardly overlap show what that looks like.
    void tilesLeaveNoSeam()
    {
        sampling::NoiseStream noise(NoiseSource::Torch, 7);
        const at::Tensor latent = at::avg_pool2d(noise.draw({1, 4, 40, 44}), {5, 5}, {1, 1}) * 1.5;
        const at::Tensor whole = decodeLatent(*m_vae, latent, {}, {});
        const auto largestJump = [&](const TileGrid& grid) {
            const at::Tensor difference = decodeLatent(*m_vae, latent, {}, {}, &grid) - whole;
            // Along a seam all pixels jump together: the mean of a line keeps that and loses what is random.
            const at::Tensor rows = at::diff(difference.mean({0, 1, 3})).abs().max();
            const at::Tensor columns = at::diff(difference.mean({0, 1, 2})).abs().max();
            return std::max(rows.item<double>(), columns.item<double>());
        };
        const double blended = largestJump({24, 12});
        const double seamed = largestJump({24, 1});
        // Random weights make much of where a tile ends; the limit lies between what blending reaches and a seam.
        QVERIFY2(blended < 0.01, qPrintable(QString::number(blended)));
        QVERIFY2(seamed > 1.3 * blended, qPrintable(QString::number(seamed / blended)));
    }

    void tilesThatFitInOnePieceChangeNothing()
    {
        const Oracle oracle("tiny_base_vae");
        const at::Tensor picture = (oracle.tensor("0.picture") + 1.0) / 2.0;
        const TileGrid grid;
        const auto tiled = encodePictureTensor(*m_vae, picture, {}, {}, &grid);
        QVERIFY(relativeError(tiled.mean, oracle.tensor("0.mean")) < 1e-5);
        QVERIFY(relativeError(tiled.logVariance, oracle.tensor("0.logvar")) < 1e-5);
    }

    void tiledEncodingIsCloseToTheWhole()
    {
        const at::Tensor picture = at::upsample_bilinear2d(
            at::sigmoid(sampling::NoiseStream(NoiseSource::Torch, 8).draw({1, 3, 20, 26})), {320, 416},
            false);
        const TileGrid grid{24, 12};
        const auto whole = encodePictureTensor(*m_vae, picture, {}, {});
        const auto tiled = encodePictureTensor(*m_vae, picture, {}, {}, &grid);
        QCOMPARE(tiled.mean.sizes(), whole.mean.sizes());
        QVERIFY(relativeError(tiled.mean, whole.mean) < 0.2);
    }

    void whenMemoryRunsOutTilesTakeOver()
    {
        const auto runsOutOnce = [] {
            return [left = std::make_shared<int>(1)] {
                if ((*left)-- == 1)
                    throw std::bad_alloc();
            };
        };
        bool usedTiles = false;
        const TileGrid grid;
        const at::Tensor latent = sampling::NoiseStream(NoiseSource::Torch, 10).draw({1, 4, 100, 12});
        const at::Tensor decoded = decodeLatent(*m_vae, latent, {}, runsOutOnce(), nullptr, &usedTiles);
        QVERIFY(usedTiles);
        QVERIFY(at::equal(decoded, decodeLatent(*m_vae, latent, {}, {}, &grid)));
        QVERIFY(!at::equal(decoded, decodeLatent(*m_vae, latent, {}, {}, nullptr, &usedTiles)));
        QVERIFY(!usedTiles);
        const at::Tensor picture
            = at::sigmoid(sampling::NoiseStream(NoiseSource::Torch, 11).draw({1, 3, 800, 64}));
        const auto encoded = encodePictureTensor(*m_vae, picture, {}, runsOutOnce());
        QVERIFY(at::equal(encoded.mean, encodePictureTensor(*m_vae, picture, {}, {}, &grid).mean));
        const nn::Checkpoint cancelled = [] { throw Cancelled{}; };
        QVERIFY_EXCEPTION_THROWN(decodeLatent(*m_vae, latent, {}, cancelled), Cancelled);
    }

    void numbersThatAreNotFiniteNeverBecomeABlackPicture()
    {
        const at::Tensor latent = at::full({1, 4, 8, 8}, std::numeric_limits<float>::quiet_NaN());
        QVERIFY_EXCEPTION_THROWN(decodeLatent(*m_vae, latent, {}, {}), Error);
    }

    void longSequencesNeverHoldAllScores()
    {
        // One head of 16384 positions: the whole score matrix would take a gigabyte.
        const at::Tensor q = sampling::NoiseStream(NoiseSource::Torch, 9).draw({1, 1, 16384, 64});
        resetPeakMemory();
        const std::int64_t before = peakMemory();
        const at::Tensor out = nn::attention(q, q, q);
        const std::int64_t grown = peakMemory() - before;
        QVERIFY2(grown < (std::int64_t(200) << 20), qPrintable(QString::number(grown >> 20)));
        // The first rows, by hand.
        const at::Tensor head = q.narrow(2, 0, 8);
        const at::Tensor scores = at::softmax(at::matmul(head, q.transpose(2, 3)) / 8.0, -1);
        QVERIFY(relativeError(out.narrow(2, 0, 8), at::matmul(scores, q)) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(TestAutoencode)
#include "tst_autoencode.moc"
