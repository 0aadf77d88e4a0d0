#include "core/base/error.h"
#include "core/nn/leaves.h"

#include <QtTest>

#include <memory>

using namespace studio;

namespace {

class Pair : public nn::Module {
public:
    Pair()
        : first(3, 4)
        , second(4, 2, /*withBias=*/false)
    {
        own("first", first);
        own("second", second);
    }
    nn::Linear first;
    nn::Linear second;
};

/// A change of rank 2 that counts which way it was taken.
class CountingChange : public nn::WeightChange {
public:
    at::Tensor up, down;
    mutable int inWeight = 0, beside = 0;

    void apply(at::Tensor& weight) const override
    {
        ++inWeight;
        weight.addmm_(up, down);
    }
    bool isLowRank() const override { return true; }
    void addBeside(const at::Tensor& x, at::Tensor& y) const override
    {
        ++beside;
        y.add_(at::linear(at::linear(x, down), up));
    }
    std::pair<at::Tensor, at::Tensor> factors(const at::Tensor& x) const override
    {
        return {down.to(x.scalar_type()), up.to(x.scalar_type())};
    }
};

} // namespace

class TestModule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parametersCarryDottedNames()
    {
        Pair pair;
        std::vector<std::string> names;
        for (const auto& named : pair.parameters())
            names.push_back(named.name);
        QCOMPARE(names, (std::vector<std::string>{"first.weight", "first.bias", "second.weight"}));
    }

    void weightsKeepTheirDtypeAndArithmeticFollowsTheActivation()
    {
        nn::Linear linear(3, 2);
        linear.weight.value = at::tensor({1.0, 2.0, 3.0, 4.0, 5.0, 6.0}).reshape({2, 3}).to(at::kHalf);
        linear.bias.value = at::tensor({0.5, -0.5}).to(at::kHalf);
        const at::Tensor y = linear(at::ones({1, 3}));
        QCOMPARE(y.scalar_type(), at::kFloat);
        QCOMPARE(y[0][0].item<float>(), 6.5f);
        QCOMPARE(y[0][1].item<float>(), 14.5f);
        QCOMPARE(linear.weight.value.scalar_type(), at::kHalf);
    }

    void largeProductsEqualDoublePrecision_data()
    {
        QTest::addColumn<bool>("withBias");
        QTest::addRow("with a bias") << true;
        QTest::addRow("without") << false;
    }

    /// Large matrices go another way through libtorch than small ones, in either storage and any layout of x.
    void largeProductsEqualDoublePrecision()
    {
        QFETCH(bool, withBias);
        const c10::InferenceMode inference;
        at::Generator generator = at::detail::createCPUGenerator(3);
        nn::Linear linear(640, 2560, withBias);
        linear.weight.value = at::randn({2560, 640}, generator).to(at::kHalf);
        if (withBias)
            linear.bias.value = at::randn({2560}, generator).to(at::kHalf);
        const at::Tensor x = at::randn({2, 640, 33}, generator).transpose(1, 2);
        at::Tensor expected = at::matmul(x.to(at::kDouble), linear.weight.value.to(at::kDouble).t());
        if (withBias)
            expected = expected + linear.bias.value.to(at::kDouble);
        const at::Tensor y = linear(x);
        QCOMPARE(y.sizes(), expected.sizes());
        const double error
            = (y.to(at::kDouble) - expected).norm().item<double>() / expected.norm().item<double>();
        QVERIFY2(error < 1e-6, QByteArray::number(error));
    }

    void aChangeActsWhereItCostsLess_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<bool>("half");
        QTest::addColumn<bool>("beside");
        QTest::addRow("one row") << 1 << false << true;
        QTest::addRow("a text's rows") << 77 << true << true;
        QTest::addRow("a picture's rows") << 1024 << false << false;
        QTest::addRow("a picture's rows, stored in half") << 1024 << true << false;
    }
    void aChangeActsWhereItCostsLess()
    {
        QFETCH(int, rows);
        QFETCH(bool, half);
        QFETCH(bool, beside);
        const c10::InferenceMode inference;
        at::Generator generator = at::detail::createCPUGenerator(5);
        nn::Linear linear(640, 1280);
        linear.weight.value = at::randn({1280, 640}, generator).to(half ? at::kHalf : at::kFloat);
        linear.bias.value = at::randn({1280}, generator);
        const at::Tensor stored = linear.weight.value.clone();
        const at::Tensor x = at::randn({2, rows, 640}, generator);
        const at::Tensor before = linear(x);
        const auto change = std::make_shared<CountingChange>();
        change->up = at::randn({1280, 2}, generator);
        change->down = at::randn({2, 640}, generator);
        linear.weight.change = change;
        const at::Tensor changed = linear(x);
        QCOMPARE(change->beside, beside ? 1 : 0);
        QCOMPARE(change->inWeight, beside ? 0 : 1);
        const at::Tensor whole
            = stored.to(at::kDouble) + at::mm(change->up.to(at::kDouble), change->down.to(at::kDouble));
        const at::Tensor expected = at::linear(x.to(at::kDouble), whole, linear.bias.value.to(at::kDouble));
        const double error
            = (changed.to(at::kDouble) - expected).norm().item<double>() / expected.norm().item<double>();
        QVERIFY2(error < 1e-6, QByteArray::number(error));
        // Nothing was written, and without the change the bits are what they were.
        QVERIFY(at::equal(linear.weight.value, stored));
        linear.weight.change.reset();
        QVERIFY(at::equal(linear(x), before));
    }

    /// Of a change a thousandth as large as the weights, where one step of bfloat16 is four to eight thousandths.
    void aWeakChangeIsNotRoundedAwayInHalfPrecision()
    {
        const c10::InferenceMode inference;
        at::Generator generator = at::detail::createCPUGenerator(5);
        nn::Linear linear(640, 1280, /*withBias=*/false);
        linear.weight.value = at::randn({1280, 640}, generator).to(at::kBFloat16);
        const auto change = std::make_shared<CountingChange>();
        change->up = at::randn({1280, 4}, generator) * 0.0005;
        change->down = at::randn({4, 640}, generator);
        const at::Tensor x = at::randn({256, 640}, generator).to(at::kBFloat16);
        const at::Tensor before = at::linear(x.to(at::kDouble), linear.weight.value.to(at::kDouble));
        const at::Tensor wanted = at::linear(
            at::linear(x.to(at::kDouble), change->down.to(at::kDouble)), change->up.to(at::kDouble));
        linear.weight.change = change;
        const at::Tensor found = linear(x).to(at::kDouble) - before;
        const double gain = ((found * wanted).sum() / (wanted * wanted).sum()).item<double>();
        QVERIFY2(std::abs(gain - 1.0) < 0.05, QByteArray::number(gain));
    }

    void runningWithoutWeightsIsAnError()
    {
        const nn::Linear linear(3, 2);
        QVERIFY_EXCEPTION_THROWN(linear(at::ones({1, 3})), Error);
    }
};

QTEST_GUILESS_MAIN(TestModule)
#include "tst_module.moc"
