#include "core/api/outcome.h"
#include "core/nn/attention.h"

#include <ATen/Parallel.h>

#include <QtTest>

#include <cmath>

using namespace studio;

namespace {

constexpr std::int64_t kSmallestBlocks = 1; ///< of work: one slice of rows for each thread

/// softmax(q k^T / sqrt(d)) v by its definition, in float64.
at::Tensor byDefinition(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v)
{
    const at::Tensor scores
        = at::matmul(q.to(at::kDouble), k.to(at::kDouble).transpose(2, 3)) / std::sqrt(double(q.size(3)));
    return at::matmul(at::softmax(scores, -1), v.to(at::kDouble));
}

double relativeError(const at::Tensor& value, const at::Tensor& expected)
{
    return (value.to(at::kDouble) - expected).norm().item<double>() / expected.norm().item<double>();
}

struct Sequences {
    at::Generator generator = at::detail::createCPUGenerator(7);
    at::Tensor q;
    at::Tensor k = at::randn({2, 3, 700, 16}, generator);
    at::Tensor v = at::randn({2, 3, 700, 16}, generator);

    explicit Sequences(std::int64_t rows)
        : q(at::randn({2, 3, rows, 16}, generator))
    { }
};

} // namespace

/// Attention whose queries go through in blocks of rows.
class TestAttention : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void blocksChangeNothing_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("blocks");
        QTest::newRow("one block") << 256 << 0;
        QTest::newRow("one row more") << 257 << 2;
        QTest::newRow("whole blocks") << 768 << 3;
        QTest::newRow("a last one that is not full") << 800 << 4;
    }
    void blocksChangeNothing()
    {
        QFETCH(int, rows);
        QFETCH(int, blocks);
        const c10::InferenceMode inference;
        const Sequences s(rows);
        int passed = 0;
        const at::Tensor out = nn::attention(
            s.q, s.k, s.v, false, [&passed] { ++passed; }, kSmallestBlocks);
        QCOMPARE(passed, blocks);
        QVERIFY(relativeError(out, byDefinition(s.q, s.k, s.v)) < 1e-6);
    }

    void usualSizesGoThroughAtOnce()
    {
        const c10::InferenceMode inference;
        const Sequences s(1000);
        int passed = 0;
        nn::attention(s.q, s.k, s.v, false, [&passed] { ++passed; });
        QCOMPARE(passed, 0);
    }

    void aCancelledRunEndsBetweenTwoBlocks()
    {
        const c10::InferenceMode inference;
        const Sequences s(256 * 10);
        int passed = 0;
        const auto cancelInTheThird = [&passed] {
            if (++passed == 3)
                throw Cancelled{};
        };
        QVERIFY_EXCEPTION_THROWN(
            nn::attention(s.q, s.k, s.v, false, cancelInTheThird, kSmallestBlocks), Cancelled);
        QCOMPARE(passed, 3);
    }

    void aLayerHandsTheCheckpointOn()
    {
        // Just so many pixels that they need two blocks.
        const c10::InferenceMode inference;
        constexpr std::int64_t kPixels = 16'400;
        nn::Attention layer(64, 64, /*heads=*/1, /*withBias=*/true);
        at::Generator generator = at::detail::createCPUGenerator(3);
        for (nn::Linear* linear : {&layer.toQuery, &layer.toKey, &layer.toValue, &layer.toOut})
            for (nn::Parameter* parameter : {&linear->weight, &linear->bias})
                parameter->value = at::randn(parameter->shape, generator);
        const at::Tensor x = at::randn({1, kPixels, 64}, generator);
        const auto cancel = [] { throw Cancelled{}; };
        QVERIFY_EXCEPTION_THROWN(layer(x, layer.project(x), cancel), Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestAttention)
#include "tst_attention.moc"
