#include "core/adapters/block_weights.h"

#include <QtTest>

#include <numeric>

using namespace studio;
using studio::adapters::blockWeight;

class TestBlockWeights : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLayerTakesTheWeightOfItsBlock_data()
    {
        QTest::addColumn<QString>("layer");
        QTest::addColumn<double>("ofTwenty"); // the list is 0, 1, 2, ...
        QTest::addColumn<double>("ofTwelve");
        const auto row = [](const char* layer, double ofTwenty, double ofTwelve) {
            QTest::newRow(layer) << QString::fromLatin1(layer) << ofTwenty << ofTwelve;
        };
        // The list of twelve begins at 1 here: 0 shows that a block is not in it.
        row("conv_in", 1, 0);
        row("down_blocks.0.resnets.0.conv1", 2, 0);
        row("down_blocks.0.downsamplers.0.conv", 4, 0);
        row("down_blocks.1.attentions.0.proj_in", 5, 2);
        row("down_blocks.1.attentions.1.transformer_blocks.1.ff.net.2", 6, 3);
        row("down_blocks.2.attentions.0.transformer_blocks.9.attn1.to_q", 8, 4);
        row("down_blocks.2.attentions.1.proj_out", 9, 5);
        row("mid_block.attentions.0.proj_in", 10, 6);
        row("mid_block.resnets.1.conv2", 10, 6);
        row("up_blocks.0.attentions.0.proj_in", 11, 7);
        row("up_blocks.0.upsamplers.0.conv", 13, 9);
        row("up_blocks.1.attentions.2.proj_in", 16, 12);
        row("up_blocks.2.resnets.0.conv1", 17, 0);
        row("up_blocks.2.resnets.2.conv2", 19, 0);
        row("time_embedding.linear_1", 0, 1);
        row("conv_out", 0, 1);
    }
    void aLayerTakesTheWeightOfItsBlock()
    {
        QFETCH(QString, layer);
        std::vector<double> twenty(20);
        std::iota(twenty.begin(), twenty.end(), 0.0);
        std::vector<double> twelve(12);
        std::iota(twelve.begin(), twelve.end(), 1.0);
        const NetworkLayer place{Component::Unet, layer.toStdString()};
        QTEST(blockWeight(twenty, place), "ofTwenty");
        QTEST(blockWeight(twelve, place), "ofTwelve");
        QCOMPARE(blockWeight({}, place), 1.0);
    }

    void textEncodersTakeTheFirst()
    {
        const std::vector<double> blocks{0.25, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        const NetworkLayer layer{Component::TextEncoder2, "text_model.encoder.layers.3.mlp.fc1"};
        QCOMPARE(blockWeight(blocks, layer), 0.25);
    }
};

QTEST_GUILESS_MAIN(TestBlockWeights)
#include "tst_block_weights.moc"
